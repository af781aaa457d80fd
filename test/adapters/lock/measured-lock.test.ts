import { expect } from 'chai';
import { InProcessLock } from '../../../src/adapters/lock/in-process-lock.js';
import { MeasuredLock } from '../../../src/adapters/lock/layers/2-measured-lock.js';
import { UnguardedLease } from '../../../src/adapters/lock/leases/unguarded-lease.js';
import { LockObserver, type WaitOutcome } from '../../../src/adapters/lock/lock-observer.js';
import { systemClock } from '../../../src/adapters/timeouts/instant.js';
import { lockContract } from '../../contract/lock-contract.js';
import { blockFor, refusalOf } from '../../contract/lock-harness.js';

class Notes extends LockObserver {
  readonly seen: string[] = [];
  override waited(_ms: number, outcome: WaitOutcome): void {
    this.seen.push(outcome);
  }
  override held(ms: number): void {
    this.seen.push(ms >= 0 ? 'held' : 'held a negative time');
  }
  override contended(): void {
    this.seen.push('contended');
  }
  override lost(): void {
    this.seen.push('lost');
  }
  override handedOff(by: 'memory' | 'service'): void {
    this.seen.push(`handed off by ${by}`);
  }
}

lockContract('MeasuredLock', { waiting: 'fifo', storage: 'in process' }, async (settings) => {
  const clock = settings?.clock ?? systemClock;
  const lock = new MeasuredLock(new InProcessLock(settings), new Notes(), clock);
  return { a: lock, b: lock, settled: async () => {}, close: async () => {} };
});

describe('MeasuredLock', () => {
  it('passes the keys of unguarded rows on to the transaction', async () => {
    const rows = new UnguardedLease(['stock:1']);
    const lock = new MeasuredLock({ acquire: async () => rows }, new Notes(), systemClock);
    expect((await lock.acquire(['stock:1'])).unguardedKeys).to.deep.equal(['stock:1']);
  });

  it('reports every wait, hold, contention, handoff and loss, once', async () => {
    const observer = new Notes();
    const lock = new MeasuredLock(new InProcessLock({ observer }), observer, systemClock);
    const first = await lock.acquire(['stock:1']);
    await refusalOf(lock.acquire(['stock:1'], { waitMs: 0 }));
    const second = lock.acquire(['stock:1'], { leaseMs: 40 });
    await first.release();
    await first.release();
    const lease = await second;
    blockFor(60);
    expect(() => lease.assertHeld()).to.throw();
    expect(observer.seen).to.deep.equal([
      'granted',
      'contended',
      'busy',
      'contended',
      'held',
      'handed off by memory',
      'granted',
      'lost',
    ]);
  });
});
