import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import { LeaseLostError, type Lock } from '../../../src/adapters/lock/lock.js';
import {
  COHORT_TURNS,
  type RedisLockSettings,
} from '../../../src/adapters/lock/redis-lock-settings.js';
import { eventually } from '../../contract/eventually.js';
import { lockContract } from '../../contract/lock-contract.js';
import { isPending, type LockHarness } from '../../contract/lock-harness.js';
import { redisHarness } from './support/redis-harness.js';
import { RedisServer } from './support/redis-server.js';

describe('A cohort on Redis', () => {
  let server: RedisServer;
  before(async () => {
    server = await RedisServer.start();
  });
  after(() => server.stop());

  // Waiters of one process are served in arrival order, but one process is served several times in
  // a row.
  const capabilities = { waiting: 'unordered', storage: 'service, two processes' } as const;
  lockContract('RedisLock with cohorts of two processes', capabilities, async (settings) => ({
    ...(await redisHarness(server.url, 2, { turns: COHORT_TURNS, ...settings })),
    settled: async () => {},
  }));

  describe('between two processes', () => {
    let made: Awaited<ReturnType<typeof redisHarness>>;
    const cohorts = async (settings: Partial<RedisLockSettings> = {}) => {
      made = await redisHarness(server.url, 2, { turns: COHORT_TURNS, ...settings });
      return made;
    };
    afterEach(() => made.close());

    it('passes a lease on for its turns and then goes to the end of the queue', async () => {
      const { a, b } = await cohorts({ turns: 4, turnsMs: 10_000 });
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
      // The first of the four turns of `a` was the gate.
      expect(order.join('')).to.equal('aaabbbaa');
    });

    const keys = ['stock:1', 'stock:2', 'stock:3'];
    const all = (lock: Lock) =>
      Promise.all(keys.map((key) => lock.acquire([key], { waitMs: 5_000, leaseMs: 60_000 })));

    it('hands each of many keys that it releases together to another process', async () => {
      const { a, b } = await cohorts();
      const held = await all(a);
      const waiting = all(b);
      await Promise.all(keys.map((key) => made.settled(key, 1)));
      await Promise.all(held.map((lease) => lease.release()));
      await Promise.all((await waiting).map((lease) => lease.release()));
    });

    it('goes on with its own waiters when it releases many keys together', async () => {
      const { a } = await cohorts({ turnsMs: 1 });
      const held = await all(a);
      const waiting = all(a);
      await delay(5);
      await Promise.all(held.map((lease) => lease.release()));
      await Promise.all((await waiting).map((lease) => lease.release()));
    });

    it('ends a turn at its release, though the lease serves the next waiter', async () => {
      const { a } = await cohorts({ turnsMs: 10_000 });
      const first = await a.acquire(['stock:1']);
      const next = a.acquire(['stock:1']);
      const last = a.acquire(['stock:1']);
      await first.release();
      const second = await next;
      expect(() => first.assertHeld()).to.throw(LeaseLostError);
      await first.release();
      expect(await isPending(last)).to.equal(true);
      second.assertHeld();
      await second.release();
      await (await last).release();
    });

    it('passes a lease on for its time only', async () => {
      const { a, b } = await cohorts({ turnsMs: 1 });
      const gate = await a.acquire(['stock:1']);
      const order: string[] = [];
      const note = async (name: string, lock: Lock) => {
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

    it('gives each turn a greater token, and the next process an even greater one', async () => {
      const { a, b } = await cohorts({ turns: 3 });
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

    it('sends fewer than one request for ten sections', async () => {
      const { a } = await cohorts();
      const service = probeOf(made);
      const before = await service.requests();
      const sections = Array.from({ length: 200 }, async () => {
        await (await a.acquire(['stock:1'])).release();
      });
      await Promise.all(sections);
      expect((await service.requests()) - before).to.be.below(20);
    });

    it('does not make waiters wait for a holder whose lease is lost', async () => {
      const { a } = await cohorts();
      const service = probeOf(made);
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
