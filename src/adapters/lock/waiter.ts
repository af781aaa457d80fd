import { LockBusyError } from '../../domain/ports/lock-port.js';
import type { LockRequest } from './lock-request.js';

// Longer delays overflow Node's timers and would fire at once.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * One acquire that waits for `T`: ends once, by a grant, a failure, its deadline or its signal.
 *
 * `left` is called when it ends by itself, so that its queue can forget it. Nothing is called
 * and no timer or listener stays behind after the end.
 */
export class Waiter<T> {
  readonly promise: Promise<T>;
  /** Its place in the one WaiterQueue it may stand in, which alone changes it. */
  isQueued = false;
  before: Waiter<T> | undefined;
  behind: Waiter<T> | undefined;
  #resolve!: (value: T) => void;
  #reject!: (reason: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
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
      this.#timer = setTimeout(this.#expire, Math.min(waitMs, LONGEST_TIMER_MS));
    }
    signal?.addEventListener('abort', this.#abort, { once: true });
  }

  grant(value: T): void {
    if (this.#settle()) this.#resolve(value);
  }

  fail(reason: unknown): void {
    if (this.#settle()) this.#reject(reason);
  }

  #expire = (): void => this.#leave(new LockBusyError(this.request.keys));

  #abort = (): void => this.#leave(this.request.signal?.reason);

  #leave(reason: unknown): void {
    if (!this.#settle()) return;
    this.left(this);
    this.#reject(reason);
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    clearTimeout(this.#timer);
    this.request.signal?.removeEventListener('abort', this.#abort);
    return true;
  }
}
