import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { LeaseLostError, LockBusyError, MAX_LOCK_KEYS } from '../../src/adapters/lock/lock.js';
import { systemClock } from '../../src/adapters/timeouts/instant.js';
import { blockFor, type MakeLocks, refusalOf, withAnyLease } from './lock-harness.js';

/** Cases about a lease and its end. */
export function leaseCases(harness: MakeLocks): void {
  it('grants free keys, sorted and without duplicates', async () => {
    const { a } = await harness();
    const lease = await a.acquire(['wallet:2', 'stock:1', 'wallet:2']);
    expect(lease.keys).to.deep.equal(['stock:1', 'wallet:2']);
    lease.assertHeld();
    expect(lease.signal.aborted).to.equal(false);
    await lease.release();
  });

  it('refuses an empty set of keys', async () => {
    const { a } = await harness();
    expect(await refusalOf(a.acquire([]))).to.be.instanceOf(TypeError);
  });

  it('refuses more keys than a lock may have, and takes as many as that', async () => {
    const { a } = await harness();
    const keys = Array.from({ length: MAX_LOCK_KEYS + 1 }, (_, i) => `stock:${i}`);
    expect(await refusalOf(a.acquire(keys))).to.be.instanceOf(TypeError);
    await (await a.acquire(keys.slice(1))).release();
  });

  it('refuses a taken key at once with waitMs: 0', async () => {
    const { a, b } = await harness();
    const lease = await a.acquire(['stock:1']);
    const refusal = await refusalOf(b.acquire(['stock:1'], { waitMs: 0 }));
    expect(refusal).to.be.instanceOf(LockBusyError).and.include({ reason: 'timeout' });
    await lease.release();
    await (await b.acquire(['stock:1'], { waitMs: 0 })).release();
  });

  it('acquires all keys or none', async () => {
    const { a, b } = await harness();
    const lease = await a.acquire(['stock:2']);
    const all = b.acquire(['stock:1', 'stock:2', 'stock:3'], { waitMs: 0 });
    expect(await refusalOf(all)).to.be.instanceOf(LockBusyError);
    const others = await a.acquire(['stock:1', 'stock:3'], { waitMs: 0 });
    await Promise.all([lease.release(), others.release()]);
  });

  it('gives every later lease on any of its keys a greater token', async () => {
    const { a, b } = await harness();
    let last = 0;
    for (const [lock, keys] of [
      [a, ['stock:1']],
      [b, ['stock:1', 'stock:2']],
      [a, ['stock:2']],
      [b, ['stock:1']],
      [a, ['stock:1', 'stock:2']],
    ] as const) {
      const lease = await lock.acquire(keys);
      expect(lease.token).to.be.greaterThan(last).and.satisfy(Number.isSafeInteger);
      last = lease.token;
      await lease.release();
    }
  });

  it('is not held after its release, and may be released twice', async () => {
    const { a, b } = await harness();
    const lease = await a.acquire(['stock:1']);
    await lease.release();
    expect(() => lease.assertHeld()).to.throw(LeaseLostError);
    const next = await b.acquire(['stock:1'], { waitMs: 0 });
    await lease.release();
    next.assertHeld();
    expect(await refusalOf(a.acquire(['stock:1'], { waitMs: 0 }))).to.be.instanceOf(LockBusyError);
    await next.release();
  });

  it('is released by `await using`', async () => {
    const { a, b } = await harness();
    {
      await using lease = await a.acquire(['stock:1']);
      lease.assertHeld();
    }
    await (await b.acquire(['stock:1'], { waitMs: 0 })).release();
  });

  it('renews its lease for as long as the work lasts', () =>
    withAnyLease(async (leaseMs) => {
      const { a, b } = await harness();
      const lease = await a.acquire(['stock:1'], { leaseMs });
      await delay(2 * leaseMs + 100);
      lease.assertHeld();
      expect(lease.signal.aborted).to.equal(false);
      const refusal = await refusalOf(b.acquire(['stock:1'], { waitMs: 0 }));
      expect(refusal).to.be.instanceOf(LockBusyError);
      await lease.release();
    }));

  it('refuses the next step of a holder that was stopped past its lease', async () => {
    const { a, b } = await harness();
    const lease = await a.acquire(['stock:1'], { leaseMs: 100 });
    const { signal } = lease;
    blockFor(150);
    expect(() => lease.assertHeld()).to.throw(LeaseLostError);
    expect(signal.aborted).to.equal(true);
    expect(signal.reason).to.be.instanceOf(LeaseLostError);
    const next = await b.acquire(['stock:1'], { waitMs: 0 });
    await lease.release();
    next.assertHeld();
    expect(await refusalOf(a.acquire(['stock:1'], { waitMs: 0 }))).to.be.instanceOf(LockBusyError);
    await next.release();
  });

  for (const stopped of ['monotonicMs', 'wallMs'] as const) {
    it(`loses the lease by one clock alone while ${stopped} stands still`, async () => {
      let aheadMs = 0;
      const now = () => {
        const real = systemClock.now();
        const ahead = { monotonicMs: real.monotonicMs + aheadMs, wallMs: real.wallMs + aheadMs };
        return { ...ahead, [stopped]: real[stopped] };
      };
      const { a } = await harness({ clock: { now } });
      const lease = await a.acquire(['stock:1'], { leaseMs: 5_000 });
      aheadMs = 4_000;
      lease.assertHeld();
      aheadMs = 5_001;
      expect(() => lease.assertHeld()).to.throw(LeaseLostError);
    });
  }

  it('fails with the reason of a signal that is aborted already, and takes nothing', async () => {
    const { a, b } = await harness();
    const reason = new Error('hung up');
    const signal = AbortSignal.abort(reason);
    expect(await refusalOf(a.acquire(['stock:1'], { signal }))).to.equal(reason);
    await (await b.acquire(['stock:1'], { waitMs: 0 })).release();
  });

  it('leaves a granted lease alone when the signal of its acquire aborts', async () => {
    const { a } = await harness();
    const client = new AbortController();
    const lease = await a.acquire(['stock:1'], { signal: client.signal });
    client.abort();
    lease.assertHeld();
    expect(lease.signal.aborted).to.equal(false);
    await lease.release();
  });
}
