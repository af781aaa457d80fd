import type { ListNode } from '../../timeouts/linked-list.js';
import { TimeoutPool } from '../../timeouts/timeout-pool.js';
import { Deadline } from '../../timeouts/timeout-queue.js';
import { LockBusyError } from '../lock.js';
import type { LockRequest } from './lock-request.js';

const alarms = new TimeoutPool(true);

/**
 * One acquire that waits for `T`: ends once, by a grant, a failure, its deadline or its signal.
 *
 * `left` is called when it ends by itself, so that its queue can forget it. Nothing is called
 * and no timer or listener stays behind after the end.
 */
export class Waiter<T> implements ListNode<Waiter<T>> {
  readonly promise: Promise<T>;
  isLinked = false;
  before: Waiter<T> | undefined;
  behind: Waiter<T> | undefined;
  #resolve!: (value: T) => void;
  #reject!: (reason: unknown) => void;
  #deadline: Deadline | undefined;
  #abort: (() => void) | undefined;
  #settled = false;

  constructor(
    readonly request: LockRequest,
    private readonly left: (waiter: Waiter<T>) => void,
  ) {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const { waitMs, signal } = request;
    if (waitMs < Number.POSITIVE_INFINITY) {
      this.#deadline = new Deadline(() => this.#leave(new LockBusyError(request.keys)));
      alarms.set(waitMs, this.#deadline);
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

  #leave(reason: unknown): void {
    if (!this.#settle()) return;
    this.left(this);
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
