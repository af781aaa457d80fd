import { DependencyUnavailableError, ResourceBusyError } from './failures.js';

export { LeaseLostError } from './failures.js';

/**
 * Mutual exclusion over named resources, for every instance of the service at once.
 *
 * A lock gives order and keeps load off the database; it is never the only guard of a
 * row (see docs/decisions/0002). Keys name the thing protected, as in `stock:{productId}`.
 */
export abstract class LockPort {
  /**
   * Takes all `keys` or none, at most MAX_LOCK_KEYS. Duplicates count once and the order does not
   * matter.
   *
   * Waits at most `waitMs` in arrival order, then fails.
   *
   * @throws LockBusyError not obtained in time, or too many already wait
   * @throws LockUnavailableError the lock service cannot be reached
   * @throws the reason of `signal`, when it aborts before the lease is granted
   */
  abstract acquire(keys: readonly string[], options?: AcquireOptions): Promise<Lease>;
}

export interface AcquireOptions {
  /** Longest wait in milliseconds; 0 fails at once when a key is taken. */
  readonly waitMs?: number;
  /** Milliseconds after which the lease ends by itself unless it is renewed; 300,000 at most. */
  readonly leaseMs?: number;
  /** Cancels the wait, as when the client hung up. Has no effect on a granted lease. */
  readonly signal?: AbortSignal;
}

/** An exclusive claim on a set of keys, held until it is released or ends by itself. */
export interface Lease extends AsyncDisposable {
  /** Sorted, without duplicates. */
  readonly keys: readonly string[];
  /** Fencing token: greater than that of every earlier lease on any of these keys. */
  readonly token: number;
  /**
   * Keys that no lock service guards, because it is down: the transaction must lock their rows
   * itself before it reads anything. Absent on every other lease.
   */
  readonly unguardedKeys?: readonly string[];
  /** Aborts, with a LeaseLostError as its reason, once the lease is known to be lost. */
  readonly signal: AbortSignal;
  /**
   * Answers from this process's own clocks, without asking the lock service.
   *
   * @throws LeaseLostError the lease ended or was released
   */
  assertHeld(): void;
  /** Gives the keys back, once; a lease that is lost already is left alone. */
  release(): Promise<void>;
}

/** The keys are taken by others: try again later. */
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

/** The lock service cannot be reached; says nothing about who holds the keys. */
export class LockUnavailableError extends DependencyUnavailableError {
  override readonly name = 'LockUnavailableError';
}
