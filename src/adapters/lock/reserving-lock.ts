import { type AcquireOptions, type Lease, Lock } from './lock.js';
import type { CancelSignal } from './waiting/cancellation.js';

export interface ReservingOptions extends Omit<AcquireOptions, 'signal'> {
  readonly signal?: CancelSignal;
  /** Called when the lease ends before its holder releases it. */
  readonly onLost?: () => void;
  /** Reserves the fencing tokens from `lease.token` to `lease.token + tokens - 1`; 1 unless given. */
  readonly tokens?: number;
}

/** A lease whose block of fencing tokens can grow. */
export interface ReservedLease extends Lease {
  /** Whether another process released it to this one: that process is likely to wait again. */
  readonly isHandedOver: boolean;
  /**
   * Renews the lease and reserves the tokens up to `lastToken`.
   *
   * Never rejects. False when another process waits for a key, or when the result is unknown: then only
   * the tokens reserved before may be used.
   */
  extendBlock(lastToken: number): Promise<boolean>;
}

/** A lock that can reserve a block of fencing tokens, for a CohortLock that passes the lease on. */
export abstract class ReservingLock extends Lock {
  abstract override acquire(
    keys: readonly string[],
    options?: ReservingOptions,
  ): Promise<ReservedLease>;
}
