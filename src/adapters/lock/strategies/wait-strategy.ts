import type { Grant } from '../protocol/redis-grant.js';
import type { ReservedLease } from '../reserving-lock.js';
import type { LockRequest } from '../waiting/lock-request.js';

/**
 * Creates the lease of a grant, synchronously, so that every grant has a holder.
 *
 * @throws LockUnavailableError the lock was closed; the grant is being released
 */
export type CreateLease = (request: LockRequest, grant: Grant) => ReservedLease;

/** How a RedisLock waits for keys that others hold. */
export interface WaitStrategy {
  /**
   * May throw before it returns a promise.
   *
   * @throws LockBusyError, LockUnavailableError, or the reason of the request's signal
   */
  acquire(request: LockRequest): Promise<ReservedLease>;
  /** Never rejects: what cannot be released ends with its lease. */
  release(grant: Grant): Promise<void>;
  /** The lease of this grant ended before its holder released it. */
  onLost(grant: Grant): void;
  /** Rejects all waiters with `reason`, and unsubscribes. */
  close(reason: Error): Promise<void>;
}
