import { type AcquireOptions, type Lease, Lock } from './lock.js';
import type { CancelSignal } from './waiting/cancellation.js';

export interface ReservingOptions extends Omit<AcquireOptions, 'signal'> {
  readonly signal?: CancelSignal;
  /** The lease ended under its holder. */
  readonly onLost?: () => void;
  /** Reserve the fencing tokens from `lease.token` to `lease.token + tokens - 1`; 1 unless given. */
  readonly tokens?: number;
}

/** A lease whose block of fencing tokens can grow. */
export interface ReservedLease extends Lease {
  /** Whether another process handed it over, which then is likely to wait for it again. */
  readonly isHandedOver: boolean;
  /**
   * Starts the lease anew and reserves the tokens up to `lastToken`.
   *
   * Never rejects. False when another process waits for a key, and when it is not known whether
   * it was done: then none but the tokens reserved before may be used.
   */
  prolong(lastToken: number): Promise<boolean>;
}

/** A lock that can reserve a block of fencing tokens, for a wrapper that passes the lease on. */
export abstract class ReservingLock extends Lock {
  abstract override acquire(
    keys: readonly string[],
    options?: ReservingOptions,
  ): Promise<ReservedLease>;
}
