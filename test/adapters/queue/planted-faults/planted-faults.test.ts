import {
  describePlantedFaults,
  type PlantedFault,
} from '../../../support/planting/planted-faults.js';

const FAULTS: readonly PlantedFault[] = [
  {
    name: 'an offset that is committed before the database commits',
    suite: 'test/adapters/queue/partition-lane.test.js',
    caughtBy: 'commits an offset only after all messages before it are settled',
    changes: [
      {
        marker: 'lane-delivery',
        to: 'await batch.at(-1)?.commit(); await this.delivery.deliver(batch, this.over);',
      },
    ],
  },
  {
    name: 'an offset that is committed for a revoked partition',
    suite: 'test/adapters/queue/partition-lane.test.js',
    caughtBy: 'commits nothing after the partition was revoked',
    changes: [{ marker: 'lane-revoked', to: '' }],
  },
  {
    name: 'a request that is settled again when it comes again',
    suite: 'test/application/order-queue.test.js',
    caughtBy:
      'are settled once, however often they are delivered, also concurrently and in one batch',
    changes: [
      { marker: 'request-settled-once', to: 'decided.push(await this.decide(tx, request));' },
    ],
  },
  {
    name: 'a relay that deletes before the queue has acknowledged',
    suite: 'test/application/order-queue.test.js',
    caughtBy: 'stay in the outbox while the queue is down, and another relay may try',
    changes: [
      {
        marker: 'relay-publish',
        to: 'await this.#transact((tx) => tx.outbox.remove(entries)); await this.publisher.publish(messages, stopped);',
      },
    ],
  },
  {
    name: 'a relay that does not claim the lease',
    suite: 'test/application/order-queue.test.js',
    caughtBy: 'are relayed by one process at a time, until its lease ends',
    changes: [{ marker: 'relay-claim', to: '' }],
  },
  {
    name: 'a dead letter that is lost',
    suite: 'test/adapters/queue/delivery-rules.test.js',
    caughtBy: 'stores a dead letter with its cause before it rejects the request',
    changes: [{ marker: 'dead-letter-kept', to: '' }],
  },
  {
    name: 'a server that is down and whose messages become dead letters',
    suite: 'test/adapters/queue/ordered-delivery.test.js',
    caughtBy: 'waits without limit for a server that is down, and makes no dead letter',
    changes: [
      {
        marker: 'delivery-temporary-failure',
        to: 'if (!isTemporary(error) || error instanceof DependencyUnavailableError) throw error;',
      },
    ],
  },
];

describePlantedFaults('The tests of the queue catch', FAULTS);
