import { LinkedList } from '../../timeouts/linked-list.js';
import { LockBusyError } from '../lock.js';
import type { Waiter } from './waiter.js';

/** Counts the waiters of one lock, over all its queues, and refuses those above the maximum. */
export class WaiterLimit {
  size = 0;

  constructor(private readonly maxWaiters: number) {}

  /** @throws LockBusyError as many wait already as may wait */
  admit(keys: readonly string[]): void {
    if (this.size >= this.maxWaiters) throw new LockBusyError(keys, 'queue_full');
  }
}

/** Waiters in arrival order. Any of them may leave. */
export class WaiterQueue<T> extends LinkedList<Waiter<T>> {
  constructor(private readonly limit: WaiterLimit) {
    super();
  }

  override add(waiter: Waiter<T>): void {
    super.add(waiter);
    this.limit.size += 1;
  }

  override delete(waiter: Waiter<T>): boolean {
    const wasQueued = super.delete(waiter);
    // @plant waiter-leaked-in-limit
    if (wasQueued) this.limit.size -= 1;
    // @end waiter-leaked-in-limit
    return wasQueued;
  }
}
