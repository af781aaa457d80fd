import type { LockRequest } from './lock-request.js';
import { Waiter } from './waiter.js';
import { type WaiterLimit, WaiterQueue } from './waiter-queue.js';

/**
 * The waiters of this process for one set of keys, in arrival order.
 *
 * This is the only queue of waiters in the process. What the group waits for differs: a Cohort waits
 * for the lease of another lock, a RedisWaiterGroup for a grant of Redis.
 */
export abstract class WaiterGroup<T> {
  readonly #waiters: WaiterQueue<T>;
  readonly #onIdle: () => void;

  /** Calls `onIdle` when nobody waits and `isBusy` is false: the owner then forgets the group. */
  constructor(limit: WaiterLimit, onIdle: () => void) {
    this.#waiters = new WaiterQueue(limit);
    this.#onIdle = onIdle;
  }

  /** Rejects when the request's time is over, its signal aborts, or the group fails. */
  wait(request: LockRequest): Promise<T> {
    const waiter = new Waiter<T>(request, this.#onLeft);
    this.#waiters.add(waiter);
    this.onJoined();
    return waiter.promise;
  }

  /** Whether the group holds keys, or asks for them. */
  protected abstract get isBusy(): boolean;

  /** A waiter joined. */
  protected abstract onJoined(): void;

  /** The last waiter left before it was granted anything. */
  protected abstract onAbandoned(): void;

  protected get hasWaiters(): boolean {
    return this.#waiters.size > 0;
  }

  /** Removes and returns the waiter that came first; undefined when nobody waits. */
  protected shift(): Waiter<T> | undefined {
    return this.#waiters.shift();
  }

  /** Removes and returns all waiters. */
  protected clear(): readonly Waiter<T>[] {
    return this.#waiters.clear();
  }

  protected checkIdle(): void {
    if (!this.hasWaiters && !this.isBusy) this.#onIdle();
  }

  #onLeft = (waiter: Waiter<T>): void => {
    // @plant waiter-leaked-in-group
    this.#waiters.delete(waiter);
    if (!this.hasWaiters) this.onAbandoned();
    // @end waiter-leaked-in-group
  };
}
