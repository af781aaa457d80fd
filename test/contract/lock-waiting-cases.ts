import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import { type Lease, type Lock, LockBusyError } from '../../src/adapters/lock/lock.js';
import { WAIT_TIMEOUT_MS } from './eventually.js';
import { isPending, type MakeLocks, refusalOf, type WaitingOrder } from './lock-harness.js';

/** How an acquire waits for keys that others hold. */
export function waitingCases(waiting: WaitingOrder, harness: MakeLocks): void {
  it('admits one holder at a time and loses no update', async () => {
    const { a, b } = await harness();
    let counter = 0;
    let inside = 0;
    const add = async (lock: Lock) => {
      await using lease = await lock.acquire(['stock:1']);
      inside += 1;
      expect(inside).to.equal(1);
      const read = counter;
      await turn();
      counter = read + 1;
      lease.assertHeld();
      inside -= 1;
    };
    const additions = Array.from({ length: 30 }, (_, i) => add(i % 2 ? a : b));
    await Promise.all(additions);
    expect(counter).to.equal(30);
  });

  it('rejects an acquire at its deadline', async () => {
    const { a, b } = await harness();
    const lease = await a.acquire(['stock:1']);
    const began = performance.now();
    const refusal = await refusalOf(b.acquire(['stock:1'], { waitMs: 60 }));
    expect(refusal).to.be.instanceOf(LockBusyError).and.include({ reason: 'timeout' });
    // Node's timers may fire a millisecond early.
    expect(performance.now() - began).to.be.at.least(58);
    lease.assertHeld();
    await lease.release();
  });

  it('grants the next waiter at the release, not at the end of the lease', async () => {
    const { a, b, settled } = await harness();
    const lease = await a.acquire(['stock:1'], { leaseMs: 10 * WAIT_TIMEOUT_MS });
    const waiting = b.acquire(['stock:1'], { waitMs: WAIT_TIMEOUT_MS });
    await settled('stock:1', 1);
    await lease.release();
    await (await waiting).release();
  });

  it('grants to several waiters one after the other', async () => {
    const { a, b, settled } = await harness();
    const first = await a.acquire(['stock:1']);
    const others = [a, b, a, b].map((lock) =>
      lock.acquire(['stock:1'], { waitMs: WAIT_TIMEOUT_MS }),
    );
    await settled('stock:1', a === b ? 1 : 2);
    await first.release();
    let served = 0;
    while (served < others.length) {
      const lease = await Promise.any(others.map(async (other) => held(await other)));
      expect(await countHeld(others)).to.equal(1);
      await lease.release();
      served += 1;
    }
  });

  it('skips a waiter whose signal aborted', async () => {
    const { a, b, settled } = await harness();
    const lease = await a.acquire(['stock:1']);
    const client = new AbortController();
    const reason = new Error('hung up');
    const hungUp = b.acquire(['stock:1'], { signal: client.signal });
    const patient = a.acquire(['stock:1'], { waitMs: WAIT_TIMEOUT_MS });
    await settled('stock:1', a === b ? 1 : 2);
    client.abort(reason);
    expect(await refusalOf(hungUp)).to.equal(reason);
    expect(await isPending(patient)).to.equal(true);
    await lease.release();
    await (await patient).release();
  });

  it('skips a waiter that timed out', async () => {
    const { a, b } = await harness();
    const lease = await a.acquire(['stock:1']);
    // Long enough to get into the queue.
    const impatient = b.acquire(['stock:1'], { waitMs: 100 });
    const patient = a.acquire(['stock:1'], { waitMs: WAIT_TIMEOUT_MS });
    expect(await refusalOf(impatient)).to.be.instanceOf(LockBusyError);
    await lease.release();
    await (await patient).release();
    await (await b.acquire(['stock:1'], { waitMs: WAIT_TIMEOUT_MS })).release();
  });

  it('never deadlocks over keys taken in any order', async () => {
    const { a, b } = await harness();
    const rounds = Array.from({ length: 24 }, async (_, i) => {
      const keys = [`stock:${i % 3}`, `stock:${(i * 2 + 1) % 3}`, `wallet:${i % 2}`];
      const lease = await (i % 2 ? a : b).acquire(i % 4 < 2 ? keys : keys.reverse());
      await turn();
      lease.assertHeld();
      await lease.release();
    });
    await Promise.all(rounds);
  });

  it('grants two sets of keys without a common key at the same time', async () => {
    const { a, b } = await harness();
    const one = await a.acquire(['stock:1', 'wallet:1']);
    const other = await b.acquire(['stock:2', 'wallet:2'], { waitMs: 0 });
    await Promise.all([one.release(), other.release()]);
  });

  if (waiting !== 'fifo') return;

  it('refuses an acquire at once when the maximum of waiters is reached', async () => {
    const { a, settled } = await harness({ maxWaiters: 2 });
    const lease = await a.acquire(['stock:1']);
    const waiting = [a.acquire(['stock:1']), a.acquire(['stock:1'])];
    await settled('stock:1', 1);
    const refusal = await refusalOf(a.acquire(['stock:1']));
    expect(refusal).to.be.instanceOf(LockBusyError).and.include({ reason: 'queue_full' });
    await lease.release();
    for (const each of waiting) await (await each).release();
  });

  it('makes room in its queue when a waiter times out', async () => {
    const { a } = await harness({ maxWaiters: 1 });
    const lease = await a.acquire(['stock:1']);
    for (let i = 0; i < 3; i += 1) {
      const refusal = await refusalOf(a.acquire(['stock:1'], { waitMs: 10 }));
      expect(refusal).to.include({ reason: 'timeout' });
    }
    await lease.release();
  });

  it('serves the waiters of a process in arrival order', async () => {
    const { a, settled } = await harness();
    const order: number[] = [];
    const first = await a.acquire(['stock:1']);
    const waiting = [1, 2, 3, 4, 5].map(async (nth) => {
      const lease = await a.acquire(['stock:1']);
      order.push(nth);
      await lease.release();
    });
    await settled('stock:1', 1);
    await first.release();
    await Promise.all(waiting);
    expect(order).to.deep.equal([1, 2, 3, 4, 5]);
  });

  it('serves two processes in arrival order', async () => {
    const { a, b, settled } = await harness();
    const first = await a.acquire(['stock:1']);
    const order: string[] = [];
    const line = (name: string, lock: Lock) =>
      lock.acquire(['stock:1']).then((lease) => {
        order.push(name);
        return lease.release();
      });
    const b1 = line('b', b);
    await settled('stock:1', 1);
    const a1 = line('a', a);
    await settled('stock:1', a === b ? 1 : 2);
    await first.release();
    await Promise.all([a1, b1]);
    expect(order).to.deep.equal(['b', 'a']);
  });

  it('lets no acquire overtake a waiter for several keys', async () => {
    const { a, b, settled } = await harness();
    const lease = await a.acquire(['stock:1']);
    const both = b.acquire(['stock:1', 'stock:2']);
    await settled('stock:2', 1);
    const late = a.acquire(['stock:2'], { waitMs: WAIT_TIMEOUT_MS });
    await settled('stock:2', 2);
    expect(await isPending(late)).to.equal(true);
    await lease.release();
    const granted = await both;
    expect(await isPending(late)).to.equal(true);
    await granted.release();
    await (await late).release();
  });

  it('grants the next waiters when a waiter for several keys leaves', async () => {
    const { a, b, settled } = await harness();
    const lease = await a.acquire(['stock:1']);
    const client = new AbortController();
    const both = refusalOf(b.acquire(['stock:1', 'stock:2'], { signal: client.signal }));
    await settled('stock:2', 1);
    const next = a.acquire(['stock:2'], { waitMs: WAIT_TIMEOUT_MS });
    await settled('stock:2', 2);
    client.abort('hung up');
    expect(await both).to.equal('hung up');
    await (await next).release();
    await lease.release();
  });
}

function held(lease: Lease): Lease {
  lease.assertHeld();
  return lease;
}

async function countHeld(leases: readonly Promise<Lease>[]): Promise<number> {
  const states = leases.map(async (each) => {
    if (await isPending(each, 1)) return 0;
    try {
      held(await each);
      return 1;
    } catch {
      return 0;
    }
  });
  const held01 = await Promise.all(states);
  return held01.reduce<number>((sum, one) => sum + one, 0);
}
