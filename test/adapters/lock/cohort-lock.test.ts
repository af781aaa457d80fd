import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import { InProcessLock } from '../../../src/adapters/lock/in-process-lock.js';
import { CohortLock } from '../../../src/adapters/lock/layers/3-cohort-lock.js';
import { eventually } from '../../contract/eventually.js';
import { lockContract } from '../../contract/lock-contract.js';
import type { LockHarness } from '../../contract/lock-harness.js';
import { redisHarness } from './support/redis-harness.js';
import { RedisServer } from './support/redis-server.js';

lockContract(
  'CohortLock in process',
  { waiting: 'fifo', storage: 'in process' },
  async (settings) => {
    const lock = new CohortLock(new InProcessLock(settings), settings);
    return { a: lock, b: lock, settled: async () => {}, close: async () => {} };
  },
);

describe('CohortLock on Redis', () => {
  let server: RedisServer;
  before(async () => {
    server = await RedisServer.start();
  });
  after(() => server.stop());

  // Within a process in arrival order, but a process is served several times in a row.
  const capabilities = { waiting: 'unordered', storage: 'service, two processes' } as const;
  lockContract('CohortLock for two processes', capabilities, async (settings = {}) => {
    const made = await redisHarness(server.url, 2, settings);
    const [a, b] = [new CohortLock(made.a, settings), new CohortLock(made.b, settings)];
    return { ...made, a, b, settled: async () => {} };
  });

  describe('between two processes', () => {
    let made: Awaited<ReturnType<typeof redisHarness>>;
    beforeEach(async () => {
      made = await redisHarness(server.url, 2, {});
    });
    afterEach(() => made.close());

    it('passes a lease on for its turns and then goes to the end of the queue', async () => {
      const bounds = { turns: 4, turnsMs: 10_000 };
      const [a, b] = [new CohortLock(made.a, bounds), new CohortLock(made.b, bounds)];
      const gate = await a.acquire(['stock:1']);
      const order: string[] = [];
      const sections = ['b', 'b', 'a', 'a', 'a', 'a', 'a', 'b'].map(async (name) => {
        const lease = await (name === 'a' ? a : b).acquire(['stock:1']);
        order.push(name);
        await turn();
        await lease.release();
      });
      await made.settled('stock:1', 1);
      await gate.release();
      await Promise.all(sections);
      // The gate was the first of a's four turns.
      expect(order.join('')).to.equal('aaabbbaa');
    });

    it('passes a lease on for its time only', async () => {
      const [a, b] = [new CohortLock(made.a, { turnsMs: 1 }), new CohortLock(made.b)];
      const gate = await a.acquire(['stock:1']);
      const order: string[] = [];
      const note = async (name: string, lock: CohortLock) => {
        const lease = await lock.acquire(['stock:1']);
        order.push(name);
        await lease.release();
      };
      const sections = [note('a', a), note('b', b)];
      await made.settled('stock:1', 1);
      await gate.release();
      await Promise.all(sections);
      expect(order).to.deep.equal(['b', 'a']);
    });

    it('gives each turn a greater token, and the next process a greater one still', async () => {
      const [a, b] = [new CohortLock(made.a, { turns: 3 }), new CohortLock(made.b, { turns: 3 })];
      const tokens: number[] = [];
      const sections = Array.from({ length: 20 }, async (_, i) => {
        const lease = await (i % 2 ? a : b).acquire(['stock:1']);
        tokens.push(lease.token);
        await turn();
        await lease.release();
      });
      await Promise.all(sections);
      expect(tokens).to.deep.equal([...new Set(tokens)].sort((x, y) => x - y));
    });

    it('sends less than one request for ten sections', async () => {
      const service = probeOf(made);
      const a = new CohortLock(made.a);
      const before = await service.requests();
      const sections = Array.from({ length: 200 }, async () => {
        await (await a.acquire(['stock:1'])).release();
      });
      await Promise.all(sections);
      expect((await service.requests()) - before).to.be.below(20);
    });

    it('does not let those who wait depend on a holder whose lease is lost', async () => {
      const service = probeOf(made);
      const a = new CohortLock(made.a);
      const stuck = await a.acquire(['stock:1'], { leaseMs: 200 });
      const next = a.acquire(['stock:1'], { leaseMs: 200 });
      await service.forget(['stock:1']);
      await eventually(() => stuck.signal.aborted);
      const lease = await next;
      expect(lease.token).to.be.greaterThan(stuck.token);
      expect(() => stuck.assertHeld()).to.throw();
      await stuck.release();
      lease.assertHeld();
      await lease.release();
    });
  });
});

function probeOf({ service }: LockHarness) {
  if (!service) throw new Error('no probe');
  return service;
}
