/** The most keys that one acquire may name. */
export const MAX_LOCK_KEYS = 200;

/**
 * The longest lease in milliseconds. Redis keeps a key for a minute longer (see
 * protocol/scripts/includes/token-ttl.lua). A running holder renews its lease, so no work needs a
 * longer one.
 */
export const MAX_LEASE_MS = 300_000;

/** Mutual exclusion over named keys, in one process or in every process that shares a Redis. */
export abstract class Lock {
  /**
   * Takes all `keys` or none, at most MAX_LOCK_KEYS. Duplicates count once and the order does not
   * matter.
   *
   * Waits at most `waitMs`, then fails.
   *
   * @throws TypeError no key, too many keys, an empty key, a key with a line feed, or a lease that
   *   is no integer from 1 to MAX_LEASE_MS
   * @throws LockBusyError the keys were not free in time, or too many acquires wait already
   * @throws LockUnavailableError the lock service cannot be reached
   * @throws the reason of `signal`, when it aborts before the lease is granted
   */
  abstract acquire(keys: readonly string[], options?: AcquireOptions): Promise<Lease>;
}

export interface AcquireOptions {
  /** Longest wait in milliseconds; 0 fails at once when a key is taken. */
  readonly waitMs?: number;
  /** Milliseconds after which the lease ends unless it is renewed; MAX_LEASE_MS at most. */
  readonly leaseMs?: number;
  /** Cancels the wait. Has no effect on a granted lease. */
  readonly signal?: AbortSignal;
}

/** An exclusive claim on a set of keys, held until it is released or it ends. */
export interface Lease extends AsyncDisposable {
  /** Sorted, without duplicates. */
  readonly keys: readonly string[];
  /** Fencing token: greater than that of every earlier lease on any of these keys. */
  readonly token: number;
  /**
   * Keys that nothing guards, because the lock service cannot be reached: the holder must guard
   * them in another way, such as row locks. Absent on every other lease.
   */
  readonly unguardedKeys?: readonly string[];
  /** Aborts, with a LeaseLostError as its reason, when the process learns that the lease is lost. */
  readonly signal: AbortSignal;
  /**
   * Reads the clocks of this process and sends nothing.
   *
   * @throws LeaseLostError the lease ended or was released
   */
  assertHeld(): void;
  /** Releases the keys, once. Does nothing when the lease is lost. Never rejects. */
  release(): Promise<void>;
}

/** Others hold the keys: try again later. Nothing was acquired. */
export class LockBusyError extends Error {
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
export class LockUnavailableError extends Error {
  override readonly name = 'LockUnavailableError';

  constructor(
    /** Short name of the service, such as `redis`. */
    readonly service: string,
    cause: unknown,
  ) {
    super(`${service} is not available`, { cause });
  }
}

/** The lease ended before its holder released it: the holder must not write any more. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';

  constructor(readonly keys: readonly string[]) {
    super(`the lease on ${keys.join(', ')} is no longer held`);
  }
}
