import type { Crowd } from './crowd.js';
import type { Waiter } from './waiter.js';

/**
 * Waiters in arrival order, any of whom may leave.
 *
 * A list through the waiters themselves: the first of a Set is found by passing over all that
 * were deleted.
 */
export class WaiterQueue<T> {
  #first: Waiter<T> | undefined;
  #last: Waiter<T> | undefined;
  #size = 0;

  /** Those who wait here count as part of the crowd. */
  constructor(private readonly crowd: Crowd) {}

  get size(): number {
    return this.#size;
  }

  add(waiter: Waiter<T>): void {
    waiter.isQueued = true;
    waiter.before = this.#last;
    if (this.#last) this.#last.behind = waiter;
    else this.#first = waiter;
    this.#last = waiter;
    this.#size += 1;
    this.crowd.size += 1;
  }

  delete(waiter: Waiter<T>): void {
    if (!waiter.isQueued) return;
    const { before, behind } = waiter;
    if (before) before.behind = behind;
    else this.#first = behind;
    if (behind) behind.before = before;
    else this.#last = before;
    waiter.isQueued = false;
    waiter.before = undefined;
    waiter.behind = undefined;
    this.#size -= 1;
    this.crowd.size -= 1;
  }

  /** Takes the first out. */
  shift(): Waiter<T> | undefined {
    const first = this.#first;
    if (first) this.delete(first);
    return first;
  }

  /** Takes all out. */
  clear(): readonly Waiter<T>[] {
    const waiters: Waiter<T>[] = [];
    for (let next = this.shift(); next; next = this.shift()) waiters.push(next);
    return waiters;
  }
}
