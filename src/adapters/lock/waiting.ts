import type { LockRequest } from './lock-request.js';
import type { Grant } from './redis-grant.js';

/** A way of waiting for keys that others hold: all that differs between the Redis locks. */
export interface Waiting {
  /**
   * @throws LockBusyError, LockUnavailableError, or the reason of the request's signal
   */
  obtain(request: LockRequest): Promise<Grant>;
  /** Never rejects: what cannot be given back ends with its lease. */
  giveBack(grant: Grant): Promise<void>;
  /** The lease of this grant ended under its holder. */
  forfeit(grant: Grant): void;
  /** Fails those who wait with `reason`, and stops listening. */
  close(reason: Error): Promise<void>;
}
