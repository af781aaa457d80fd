import type { Grant } from '../protocol/redis-grant.js';
import type { ReservedLease } from '../reserving-lock.js';
import type { LockRequest } from '../waiting/lock-request.js';

/**
 * Makes a grant the lease of whoever asked for it, at once: there is no moment in which it was
 * granted and nobody has it.
 *
 * @throws LockUnavailableError the lock was closed, and the grant is on its way back
 */
export type CreateLease = (request: LockRequest, grant: Grant) => ReservedLease;

/** A way of waiting for keys that others hold: all that differs between the Redis locks. */
export interface WaitStrategy {
  /**
   * @throws LockBusyError, LockUnavailableError, or the reason of the request's signal; some of
   * them before there is a promise
   */
  acquire(request: LockRequest): Promise<ReservedLease>;
  /** Never rejects: what cannot be given back ends with its lease. */
  release(grant: Grant): Promise<void>;
  /** The lease of this grant ended under its holder. */
  onLost(grant: Grant): void;
  /** Fails those who wait with `reason`, and stops listening. */
  close(reason: Error): Promise<void>;
}
