import { type AcquireOptions, type Lease, LockPort } from '../../domain/ports/lock-port.js';

export interface ReservingOptions extends AcquireOptions {
  /** Reserve the fencing tokens from `lease.token` to `lease.token + tokens - 1`; 1 unless given. */
  readonly tokens?: number;
}

/** A lock that can reserve a block of fencing tokens, for a wrapper that passes the lease on. */
export abstract class ReservingLock extends LockPort {
  abstract override acquire(keys: readonly string[], options?: ReservingOptions): Promise<Lease>;
}
