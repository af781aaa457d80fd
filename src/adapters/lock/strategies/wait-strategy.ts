import type { GrantedLease, GrantOwner } from '../leases/granted-lease.js';
import type { Lease } from '../lock.js';
import type { Grant } from '../protocol/redis-grant.js';
import type { LockRequest } from '../waiting/lock-request.js';

/**
 * Creates the lease of a grant, synchronously, so that every grant has a holder.
 *
 * @throws LockUnavailableError the lock was closed; the grant is being released
 */
export type CreateLease = (
  keys: readonly string[],
  grant: Grant,
  owner: GrantOwner,
) => GrantedLease;

/** How a RedisLock waits for keys that others hold. */
export interface WaitStrategy {
  /**
   * Resolves with a GrantedLease when the request names `tokens`. May throw before it returns a promise.
   *
   * @throws LockBusyError, LockUnavailableError, or the reason of the request's signal
   */
  acquire(request: LockRequest): Promise<Lease>;
  /** Rejects all waiters with `reason`, and unsubscribes. */
  close(reason: Error): Promise<void>;
}
