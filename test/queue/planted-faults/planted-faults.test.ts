import { expect } from 'chai';
import { type Planted, PlantedCopy } from '../../support/planted-copy.js';

interface QueueFault {
  readonly name: string;
  readonly suite: string;
  readonly caughtBy: string;
  readonly change: Planted;
}

const FAULTS: readonly QueueFault[] = [
  {
    name: 'an offset that is committed before the database commits',
    suite: 'test/queue/partition-lane.test.js',
    caughtBy: 'commits an offset only after all before it is settled',
    change: {
      file: 'src/adapters/queue/kafka/partition-lane.js',
      from: 'await this.delivery.deliver(batch, this.over);',
      to: 'await batch.at(-1)?.commit(); await this.delivery.deliver(batch, this.over);',
    },
  },
  {
    name: 'an offset that is committed for a partition that was taken away',
    suite: 'test/queue/partition-lane.test.js',
    caughtBy: 'commits nothing once the partition may be another’s',
    change: {
      file: 'src/adapters/queue/kafka/partition-lane.js',
      from: 'if (this.over.aborted)\n            return;',
      to: '',
    },
  },
  {
    name: 'a request that is settled again when it comes again',
    suite: 'test/application/order-queue.test.js',
    caughtBy: 'are settled once, however often they come, also at once and in one batch',
    change: {
      file: 'src/application/orders/settle-order-requests.js',
      from: 'if (!request.isSettled)',
      to: 'if (true)',
    },
  },
  {
    name: 'a relay that deletes before the queue has acknowledged',
    suite: 'test/application/order-queue.test.js',
    caughtBy: 'stay in the outbox while the queue is away, and another relay may try',
    change: {
      file: 'src/application/orders/relay-orders.js',
      from: 'await this.queue.publish(entries, stopped);',
      to: 'await this.outbox.remove(entries); await this.queue.publish(entries, stopped);',
    },
  },
  {
    name: 'a relay that asks nobody whether it is the one',
    suite: 'test/application/order-queue.test.js',
    caughtBy: 'are relayed by one at a time, until its lease ends',
    change: {
      file: 'src/application/orders/relay-orders.js',
      from: 'isEmpty || !(await this.claim())',
      to: 'isEmpty',
    },
  },
  {
    name: 'a dead letter that is lost',
    suite: 'test/queue/delivery-rules.test.js',
    caughtBy: 'keeps a dead letter with its cause before it gives the request up',
    change: {
      file: 'src/config/order-delivery.js',
      from: 'await keep(message, cause);',
      to: '',
    },
  },
  {
    name: 'a server that is away, taken for poison',
    suite: 'test/queue/ordered-delivery.test.js',
    caughtBy: 'waits for a server that is away, however often it is asked, and buries nothing',
    change: {
      file: 'src/adapters/queue/ordered-delivery.js',
      from: 'error instanceof DependencyUnavailableError ||',
      to: '',
    },
  },
];

describe('The tests of the queue catch', function () {
  this.timeout(260_000);
  let copy: PlantedCopy;
  before(async () => {
    copy = await PlantedCopy.make(['src', 'test', 'tools']);
  });
  after(() => copy.remove());
  afterEach(() => copy.heal());

  it('nothing while nothing is planted', async () => {
    for (const suite of new Set(FAULTS.map((fault) => fault.suite))) {
      expect(await copy.failures(suite, undefined, 60_000)).to.deep.equal([]);
    }
  });

  for (const { name, suite, caughtBy, change } of FAULTS) {
    it(`${name}, by: ${caughtBy}`, async () => {
      await copy.plant([change]);
      expect(await copy.failures(suite, caughtBy, 60_000)).to.deep.equal([caughtBy]);
    });
  }
});
