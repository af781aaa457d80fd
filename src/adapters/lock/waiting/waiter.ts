import type { ListNode } from '../../timeouts/linked-list.js';
import { TimeoutPool } from '../../timeouts/timeout-pool.js';
import { Deadline, type DeadlineOwner } from '../../timeouts/timeout-queue.js';
import { LockBusyError } from '../lock.js';
import type { LockRequest } from './lock-request.js';

const timeouts = new TimeoutPool(true);

/** What a waiter stands in. */
export interface WaiterOwner<T> {
  /** The deadline or the signal of the waiter has ended it: the owner removes it. */
  onLeft(waiter: Waiter<T>): void;
}

/**
 * One acquire that waits for `T`: ends once, by a grant, a failure, its deadline or its signal. After the
 * end nothing is called, and no timer or listener remains.
 */
export class Waiter<T> implements ListNode<Waiter<T>>, DeadlineOwner {
  readonly promise: Promise<T>;
  isLinked = false;
  previous: Waiter<T> | undefined;
  next: Waiter<T> | undefined;
  #resolve!: (value: T) => void;
  #reject!: (reason: unknown) => void;
  #deadline: Deadline | undefined;
  #abort: (() => void) | undefined;
  #settled = false;

  constructor(
    readonly request: LockRequest,
    private readonly owner: WaiterOwner<T>,
  ) {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const { waitMs, signal } = request;
    if (waitMs < Number.POSITIVE_INFINITY) {
      this.#deadline = new Deadline(this);
      timeouts.set(waitMs, this.#deadline);
    }
    if (!signal) return;
    this.#abort = () => this.#leave(signal.reason);
    signal.addEventListener('abort', this.#abort, { once: true });
  }

  grant(value: T): void {
    if (this.#settle()) this.#resolve(value);
  }

  fail(reason: unknown): void {
    if (this.#settle()) this.#reject(reason);
  }

  onExpired(): void {
    this.#leave(new LockBusyError(this.request.keys));
  }

  #leave(reason: unknown): void {
    if (!this.#settle()) return;
    this.owner.onLeft(this);
    this.#reject(reason);
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#deadline?.cancel();
    if (this.#abort) this.request.signal?.removeEventListener('abort', this.#abort);
    return true;
  }
}
