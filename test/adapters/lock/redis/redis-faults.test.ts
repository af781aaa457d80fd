import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { RedisLock } from '../../../../src/adapters/lock/layers/3-redis-lock.js';
import {
  LeaseLostError,
  LockBusyError,
  LockUnavailableError,
} from '../../../../src/adapters/lock/lock.js';
import type { RedisLockSettings } from '../../../../src/adapters/lock/redis-lock-settings.js';
import { WAIT_TIMEOUT_MS } from '../../../../tools/servers/eventually.js';
import { eventually } from '../../../contract/eventually.js';
import { refusalOf } from '../../../contract/lock-harness.js';
import { connect, connectPair, type TestClient } from '../support/redis-clients.js';
import { RedisServer } from '../support/redis-server.js';

/** A machine may stop for half a second, but not each time out of so many. */
const STILL = 9;

describe('RedisLock when Redis fails', function () {
  this.timeout(240_000);
  let server: RedisServer;
  let admin: TestClient;
  const open: { close(): Promise<void> }[] = [];

  /** The lock of one process. With `deaf` its subscriber receives nothing. */
  async function processLock(settings: Partial<RedisLockSettings> = {}, deaf = false) {
    const pair = await connectPair(server.url);
    const { subscriber } = pair;
    const silent = {
      subscribe: (channel: string) => subscriber.subscribe(channel, () => {}),
      unsubscribe: (channel: string) => subscriber.unsubscribe(channel),
      on: () => {},
      off: () => {},
    };
    const lock = new RedisLock({ ...pair, ...(deaf && { subscriber: silent }) }, settings);
    open.push({
      async close() {
        await lock.close();
        pair.destroy();
      },
    });
    return lock;
  }

  beforeEach(async () => {
    server = await RedisServer.start();
    admin = await connect(server.url);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((each) => each.close()));
    admin.destroy();
    await server.stop();
  });

  const queued = () => admin.zCard('lockstep:lock:{stock:1}:queue');

  it('reports within half a second that a stopped Redis is unavailable', async () => {
    const lock = await processLock();
    await (await lock.acquire(['stock:1'])).release();
    await server.down();
    const began = performance.now();
    const refusal = await refusalOf(lock.acquire(['stock:1']));
    expect(refusal).to.be.instanceOf(LockUnavailableError);
    expect(refusal.cause).to.be.instanceOf(Error);
    expect(performance.now() - began).to.be.below(500);
  }).retries(STILL);

  for (const strategy of ['pubsub', 'spin', 'simple'] as const) {
    it(`says within half a second that a hung Redis is unavailable: ${strategy}`, async () => {
      const lock = await processLock({ strategy });
      await (await lock.acquire(['stock:1'])).release();
      server.pause();
      const began = performance.now();
      const refusal = await refusalOf(lock.acquire(['stock:1']));
      expect(refusal).to.be.instanceOf(LockUnavailableError);
      expect(performance.now() - began).to.be.below(500);
      server.resume();
    }).retries(STILL);
  }

  for (const fault of ['down', 'pause'] as const) {
    it(`fails the waiters within half a second: ${fault}`, async () => {
      const [a, b] = [await processLock(), await processLock()];
      await a.acquire(['stock:1']);
      const waiting = [1, 2, 3].map(() => refusalOf(b.acquire(['stock:1'])));
      await eventually(async () => (await queued()) === 1);
      await server[fault]();
      const began = performance.now();
      for (const refusal of await Promise.all(waiting)) {
        expect(refusal).to.be.instanceOf(LockUnavailableError);
      }
      expect(performance.now() - began).to.be.below(500);
      server.resume();
    }).retries(STILL);
  }

  it('rejects the waiters behind a holder of the same process when Redis is down', async () => {
    const lock = await processLock({ turns: 32, turnsMs: WAIT_TIMEOUT_MS });
    const lease = await lock.acquire(['stock:1'], { leaseMs: 10 * WAIT_TIMEOUT_MS });
    const waiting = [1, 2].map(() => refusalOf(lock.acquire(['stock:1'])));
    server.pause();
    for (const refusal of await Promise.all(waiting)) {
      expect(refusal).to.be.instanceOf(LockUnavailableError);
    }
    server.resume();
    lease.assertHeld();
    await lease.release();
    await (await lock.acquire(['stock:1'])).release();
  });

  it('recovers by itself after Redis was restarted empty, with greater tokens', async () => {
    const [a, b] = [await processLock(), await processLock()];
    const before = await a.acquire(['stock:1'], { leaseMs: 600 });
    await server.down();
    await server.up();
    await eventually(() => before.signal.aborted);
    expect(() => before.assertHeld()).to.throw(LeaseLostError);
    let token = 0;
    await eventually(async () => {
      const lease = await b.acquire(['stock:1']);
      token = lease.token;
      await lease.release();
    });
    expect(token).to.be.greaterThan(before.token);
    await before.release();
  });

  it('runs its scripts again after Redis lost them', async () => {
    const lock = await processLock();
    await (await lock.acquire(['stock:1'])).release();
    await admin.scriptFlush();
    const lease = await lock.acquire(['stock:1']);
    await admin.scriptFlush();
    await lease.release();
    await (await lock.acquire(['stock:1'], { waitMs: 0 })).release();
  });

  it('loses no waiter when every subscriber is cut off', async () => {
    const [a, b] = [await processLock(), await processLock()];
    const lease = await a.acquire(['stock:1']);
    const waiting = b.acquire(['stock:1'], { waitMs: WAIT_TIMEOUT_MS });
    await eventually(async () => (await queued()) === 1);
    await admin.sendCommand(['CLIENT', 'KILL', 'TYPE', 'pubsub']);
    await lease.release();
    await (await waiting).release();
  });

  it('finds a grant whose message was lost when the previous lease must be over', async () => {
    const [a, b] = [await processLock(), await processLock({}, true)];
    const lease = await a.acquire(['stock:1'], { leaseMs: 300 });
    const waiting = b.acquire(['stock:1'], { leaseMs: 300, waitMs: WAIT_TIMEOUT_MS });
    await eventually(async () => (await queued()) === 1);
    await lease.release();
    const found = await waiting;
    expect(found.token).to.be.greaterThan(lease.token);
    await found.release();
  });

  it('releases a grant whose reply came too late', async () => {
    const [a, b] = [await processLock({ commandTimeoutMs: 500 }), await processLock()];
    await (await a.acquire(['stock:1'])).release();
    server.pause();
    const leaseMs = 10 * WAIT_TIMEOUT_MS;
    const late = refusalOf(a.acquire(['stock:1'], { leaseMs }));
    expect(await late).to.be.instanceOf(LockUnavailableError);
    server.resume();
    // This is long before the lease of the late grant ends.
    await (await b.acquire(['stock:1'], { waitMs: WAIT_TIMEOUT_MS })).release();
  });

  it('releases its keys later when Redis cannot be reached', async () => {
    const [a, b] = [await processLock({ commandTimeoutMs: 500 }), await processLock()];
    const lease = await a.acquire(['stock:1']);
    await admin.sendCommand(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes']);
    await lease.release();
    await eventually(async () => {
      await (await b.acquire(['stock:1'], { waitMs: 0 })).release();
    });
  });

  it('survives a Redis that is down for less than a lease', async () => {
    const lock = await processLock();
    const lease = await lock.acquire(['stock:1'], { leaseMs: 900 });
    server.pause();
    await delay(500);
    server.resume();
    await delay(700);
    lease.assertHeld();
    expect(lease.signal.aborted).to.equal(false);
    await lease.release();
  }).retries(STILL);

  it('aborts the signal of a lease that it cannot renew', async () => {
    const lock = await processLock();
    const lease = await lock.acquire(['stock:1'], { leaseMs: 400 });
    const { signal } = lease;
    server.pause();
    await eventually(() => signal.aborted);
    expect(signal.reason).to.be.instanceOf(LeaseLostError);
    expect(() => lease.assertHeld()).to.throw(LeaseLostError);
    server.resume();
  });

  it('rejects its waiters and releases its leases when it is closed', async () => {
    const [a, b] = [await processLock(), await processLock()];
    const lease = await a.acquire(['stock:1']);
    const waiting = refusalOf(a.acquire(['stock:1']));
    await a.close();
    expect(await waiting).to.be.instanceOf(LockUnavailableError);
    expect(await refusalOf(a.acquire(['stock:2']))).to.be.instanceOf(LockUnavailableError);
    expect(() => lease.assertHeld()).to.throw(LeaseLostError);
    await (await b.acquire(['stock:1'], { waitMs: 0 })).release();
    expect(await queued()).to.equal(0);
  });

  it('rejects acquires that wait for its subscription when it is closed', async () => {
    const lock = await processLock();
    const first = refusalOf(lock.acquire(['stock:1']));
    await lock.close();
    expect(await first).to.be.instanceOf(LockUnavailableError);
    const other = await processLock();
    await (await other.acquire(['stock:1'], { waitMs: 0 })).release();
  });

  it('counts acquires that wait for its subscription', async () => {
    const lock = await processLock({ maxWaiters: 2 });
    const asked = Array.from({ length: 5 }, (_, i) => lock.acquire([`stock:${i}`]));
    const [first, second, ...others] = asked;
    for (const other of others) {
      expect(await refusalOf(other))
        .to.be.instanceOf(LockBusyError)
        .with.property('reason', 'queue_full');
    }
    for (const lease of [await first, await second]) await lease?.release();
  });

  it('does not release a grant of its own with a lower token, as from a Redis that lost its memory', async () => {
    const lock = await processLock();
    const lease = await lock.acquire(['stock:1']);
    const key = 'lockstep:lock:{stock:1}';
    const stored = (await admin.get(key)) ?? '';
    const lower = stored.replace(/^\d+/, (token) => String(Number(token) - 1_000));
    await admin.set(key, lower);
    await lease.release();
    expect(await admin.get(key)).to.equal(lower);
  });
});
