import { DependencyUnavailableError, ResourceBusyError } from './failures.js';

export { LeaseLostError } from './failures.js';

/**
 * Mutual exclusion over named resources, for every instance of the service.
 *
 * A lock makes requests wait in order and keeps load off the database. It is never the only guard
 * of a row (docs/decisions/0002). A key names what it protects, as in `stock:{productId}`.
 */
export abstract class LockPort {
  /**
   * Takes all `keys` or none, at most MOST_LOCK_KEYS. Duplicates count once and the order does not
   * matter.
   *
   * Waits at most `waitMs` in arrival order, then fails.
   *
   * @throws LockBusyError the keys were not free in time, or too many requests wait already
   * @throws LockUnavailableError the lock service cannot be reached
   * @throws the reason of `signal`, when it aborts before the lease is granted
   */
  abstract acquire(keys: readonly string[], options?: AcquireOptions): Promise<Lease>;
}

export interface AcquireOptions {
  /** Longest wait in milliseconds; 0 fails at once when a key is taken. */
  readonly waitMs?: number;
  /** Milliseconds after which the lease ends unless it is renewed; 300,000 at most. */
  readonly leaseMs?: number;
  /**
   * Cancels the wait, for example when the client disconnected. Has no effect on a granted lease.
   */
  readonly signal?: AbortSignal;
}

/** An exclusive claim on a set of keys, held until it is released or it ends. */
export interface Lease extends AsyncDisposable {
  /** Sorted, without duplicates. */
  readonly keys: readonly string[];
  /** Fencing token: greater than that of every earlier lease on any of these keys. */
  readonly token: number;
  /**
   * Keys that nothing guards, because the lock service is down: the transaction must lock their
   * rows before it reads anything. Absent on every other lease.
   */
  readonly rowKeys?: readonly string[];
  /**
   * Aborts, with a LeaseLostError as its reason, when the process learns that the lease is lost.
   */
  readonly signal: AbortSignal;
  /**
   * Reads the clocks of this process and sends nothing.
   *
   * @throws LeaseLostError the lease ended or was released
   */
  assertHeld(): void;
  /** Releases the keys, once. Does nothing when the lease is lost. */
  release(): Promise<void>;
}

/** Other requests hold the keys: try again later. */
export class LockBusyError extends ResourceBusyError {
  override readonly name = 'LockBusyError';

  constructor(
    readonly keys: readonly string[],
    readonly reason: 'timeout' | 'queue_full' = 'timeout',
  ) {
    super(
      `${keys.join(', ')}: ${reason === 'timeout' ? 'not obtained in time' : 'too many are waiting'}`,
    );
  }
}

/** The lock service cannot be reached. Nothing is known about who holds the keys. */
export class LockUnavailableError extends DependencyUnavailableError {
  override readonly name = 'LockUnavailableError';
}
