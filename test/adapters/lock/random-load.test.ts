import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { InProcessLock } from '../../../src/adapters/lock/in-process-lock.js';
import { type Lease, type Lock, LockBusyError } from '../../../src/adapters/lock/lock.js';
import { eventually } from '../../contract/eventually.js';
import { connect } from './support/redis-clients.js';
import { type RedisHarness, redisHarness } from './support/redis-harness.js';
import { RedisServer } from './support/redis-server.js';

const names = ['stock:1', 'stock:2', 'stock:3', 'wallet:1'];

/** Checks from outside that a key has one holder at a time and that its tokens rise. */
class Witness {
  readonly #held = new Set<string>();
  readonly #tokens = new Map<string, number>();
  readonly outcomes = { granted: 0, busy: 0, aborted: 0 };

  enter(keys: readonly string[], token: number): void {
    for (const key of keys) {
      expect(this.#held.has(key), `${key} is held twice`).to.equal(false);
      expect(token, key).to.be.greaterThan(this.#tokens.get(key) ?? 0);
      this.#held.add(key);
      this.#tokens.set(key, token);
    }
    this.outcomes.granted += 1;
  }

  leave(keys: readonly string[]): void {
    for (const key of keys) this.#held.delete(key);
  }

  refused(error: unknown): void {
    if (error instanceof LockBusyError) this.outcomes.busy += 1;
    else if (error === 'hung up') this.outcomes.aborted += 1;
    else throw error;
  }
}

async function hold(lease: Lease, witness: Witness): Promise<void> {
  witness.enter(lease.keys, lease.token);
  if (Math.random() < 0.3) await delay(Math.random() * 3);
  lease.assertHeld();
  witness.leave(lease.keys);
  await lease.release();
}

/** A thousand acquires with random keys, deadlines, hold times and aborts. */
async function load(locks: readonly Lock[], witness: Witness): Promise<void> {
  const one = async (lock: Lock) => {
    await delay(Math.random() * 400);
    const keys = names.filter(() => Math.random() < 0.4);
    if (keys.length === 0) keys.push('stock:1');
    const client = new AbortController();
    if (Math.random() < 0.1) setTimeout(() => client.abort('hung up'), Math.random() * 50);
    const waitMs = Math.random() < 0.3 ? Math.random() * 50 : 20_000;
    try {
      await hold(await lock.acquire(keys, { waitMs, signal: client.signal }), witness);
    } catch (error) {
      witness.refused(error);
    }
  };
  const all = locks.flatMap((lock) =>
    Array.from({ length: 1_000 / locks.length }, () => one(lock)),
  );
  await Promise.all(all);
  expect(witness.outcomes.granted).to.be.greaterThan(300);
  expect(witness.outcomes.busy).to.be.greaterThan(0);
  expect(witness.outcomes.aborted).to.be.greaterThan(0);
}

describe('A thousand acquires at random', function () {
  this.timeout(240_000);
  let server: RedisServer;
  let made: RedisHarness;
  before(async () => {
    server = await RedisServer.start();
  });
  after(() => server.stop());

  it('exclude each other, and all end: InProcessLock', async () => {
    await load([new InProcessLock()], new Witness());
  });

  for (const wrapper of ['pubsub', 'cohort', 'spin'] as const) {
    describe(`on Redis: ${wrapper}`, () => {
      beforeEach(async () => {
        const strategy = wrapper === 'spin' ? 'spin' : 'pubsub';
        const turns = wrapper === 'cohort' ? 4 : 1;
        made = await redisHarness(server.url, 2, { prefix: `${wrapper}:`, strategy, turns });
      });
      afterEach(() => made.close());

      it('exclude each other, all end, and no waiter stays in a queue', async () => {
        await load([made.a, made.b], new Witness());
        const admin = await connect(server.url);
        await eventually(async () => {
          expect(await admin.keys(`${wrapper}:*:queue`)).to.deep.equal([]);
        });
        admin.destroy();
        await (await made.a.acquire(names, { waitMs: 0 })).release();
      });
    });
  }
});
