import { expect } from 'chai';
import { LeaseLostError, LockBusyError } from '../../src/adapters/lock/lock.js';
import { systemClock } from '../../src/adapters/timeouts/instant.js';
import { eventually, WAIT_TIMEOUT_MS } from './eventually.js';
import {
  isPending,
  type MakeLocks,
  refusalOf,
  type WaitingOrder,
  withAnyLease,
} from './lock-harness.js';

/** Cases for locks in a service, which may lose its memory. */
export function serviceCases(waiting: WaitingOrder, harness: MakeLocks): void {
  it('does not release the lease of another when a lost lease is released', async () => {
    const { a, b, service } = await served(harness);
    const lost = await a.acquire(['stock:1']);
    await service.forget(['stock:1']);
    const lease = await b.acquire(['stock:1']);
    await lost.release();
    expect(await refusalOf(a.acquire(['stock:1'], { waitMs: 0 }))).to.be.instanceOf(LockBusyError);
    await lease.release();
  });

  it('loses the lease at its renewal when the service granted it to another', async () => {
    const stopped = systemClock.now();
    // By its own clock it would hold the lease without end.
    const { a, b, service } = await served(harness, { clock: { now: () => stopped } });
    const lost = await a.acquire(['stock:1'], { leaseMs: 300 });
    await service.forget(['stock:1']);
    const lease = await b.acquire(['stock:1']);
    await eventually(() => lost.signal.aborted);
    expect(() => lost.assertHeld()).to.throw(LeaseLostError);
    lease.assertHeld();
    await lease.release();
  });

  it('raises tokens when the service lost its memory', async () => {
    const { a, b, service } = await served(harness);
    const first = await a.acquire(['stock:1']);
    await service.forget(['stock:1']);
    const second = await b.acquire(['stock:1']);
    expect(second.token).to.be.greaterThan(first.token);
    await second.release();
  });

  it('grants the free keys of many acquires sent together, and not the held ones', async () => {
    const { a, b } = await served(harness);
    const held = await b.acquire(['stock:2']);
    const [one, two, three] = ['stock:1', 'stock:2', 'stock:3'].map((key) =>
      a.acquire([key], { waitMs: key === 'stock:2' ? 250 : WAIT_TIMEOUT_MS }),
    );
    expect(await refusalOf(Promise.resolve(two))).to.be.instanceOf(LockBusyError);
    for (const free of [await one, await three]) {
      const again = b.acquire(free?.keys ?? [], { waitMs: 0 });
      expect(await refusalOf(again)).to.be.instanceOf(LockBusyError);
    }
    held.assertHeld();
  });

  it('raises the tokens of acquires sent together when the service lost its memory', async () => {
    const { a, b, service } = await served(harness);
    const keys = ['stock:1', 'stock:2', 'stock:3'];
    const first = await Promise.all(keys.map((key) => a.acquire([key])));
    await service.forget(keys);
    const second = await Promise.all(keys.map((key) => b.acquire([key])));
    for (const [at, lease] of second.entries()) {
      expect(lease.token).to.be.greaterThan(first[at]?.token ?? Number.NaN);
    }
  });

  if (waiting !== 'fifo') return;

  it('lets no acquire of many sent together overtake a waiter for several keys', async () => {
    const { a, b, settled } = await served(harness);
    const held = await a.acquire(['stock:1']);
    const both = b.acquire(['stock:1', 'stock:2']);
    await settled('stock:1', 1);
    // The first acquire is sent alone, and the others together.
    const ahead = a.acquire(['stock:3']);
    const next = a.acquire(['stock:2']);
    await a.acquire(['stock:4']);
    await ahead;
    expect(await isPending(next)).to.equal(true);
    await held.release();
    await (await both).release();
    await (await next).release();
  });

  it('grants each of many keys released together to its waiter', async () => {
    const { a, b, settled } = await served(harness);
    const keys = ['stock:1', 'stock:2', 'stock:3'];
    const leases = await Promise.all(keys.map((key) => a.acquire([key])));
    const waiters = keys.map((key) => b.acquire([key], { waitMs: WAIT_TIMEOUT_MS }));
    await Promise.all(keys.map((key) => settled(key, 1)));
    await Promise.all(leases.map((lease) => lease.release()));
    for (const lease of await Promise.all(waiters)) lease.assertHeld();
  });

  it('leaves the queue of the service when its last waiter leaves', async () => {
    const { a, b, settled, service } = await served(harness);
    const lease = await a.acquire(['stock:1']);
    const client = new AbortController();
    const impatient = refusalOf(b.acquire(['stock:1'], { signal: client.signal }));
    await settled('stock:1', 1);
    client.abort('hung up');
    expect(await impatient).to.equal('hung up');
    await eventually(async () => (await service.queued('stock:1')) === 0);
    await lease.release();
  });

  it('sends one request for each contended section, however many wait', async () => {
    // With a short delay, sections on a slow machine would queue by a separate request.
    const { a, b, settled, service } = await served(harness, { requeueDelayMs: 250 });
    const first = await a.acquire(['stock:1']);
    const sections = Array.from({ length: 40 }, async (_, i) => {
      const lease = await (i % 2 ? a : b).acquire(['stock:1']);
      await lease.release();
    });
    await settled('stock:1', a === b ? 1 : 2);
    const before = await service.requests();
    await first.release();
    await Promise.all(sections);
    // The releases, and separate requests by sections that stopped for longer than the delay.
    expect((await service.requests()) - before).to.be.within(40, 60);
  });
}

/** Cases in which one of two processes dies. */
export function crashCases(waiting: WaitingOrder, harness: MakeLocks): void {
  if (waiting === 'none') {
    it('frees the keys of a dead process when its lease is over', async () => {
      const { a, b, service } = await served(harness);
      await a.acquire(['stock:1'], { leaseMs: 200 });
      service.crashA();
      await eventually(async () => (await b.acquire(['stock:1'])).release());
    });
    return;
  }

  it('frees the keys of a dead process when its lease is over', () =>
    withAnyLease(async (leaseMs) => {
      const { a, b, settled, service } = await served(harness);
      await a.acquire(['stock:1'], { leaseMs });
      const waiting = b.acquire(['stock:1'], { waitMs: WAIT_TIMEOUT_MS });
      await Promise.race([settled('stock:1', 1), waiting]);
      service.crashA();
      await (await waiting).release();
    }));

  if (waiting !== 'fifo') return;

  it('skips the waiters of a dead process', async () => {
    const { a, b, settled, service } = await served(harness);
    const lease = await b.acquire(['stock:1']);
    const dead = refusalOf(a.acquire(['stock:1'], { waitMs: WAIT_TIMEOUT_MS }));
    await settled('stock:1', 1);
    service.crashA();
    const next = b.acquire(['stock:1'], { waitMs: WAIT_TIMEOUT_MS });
    await settled('stock:1', 2);
    await lease.release();
    await (await next).release();
    await dead;
  });
}

async function served(harness: MakeLocks, settings?: Parameters<MakeLocks>[0]) {
  const { service, ...rest } = await harness(settings);
  if (!service) throw new Error('the harness of a lock service has no probe');
  return { ...rest, service };
}
