import type { SweeperLease } from './sweeper-lease.js';

/** Duties, inside a transaction. */
export abstract class SweeperLeaseRepository {
  /** A duty that nobody ever took is vacant. */
  abstract get(name: string): Promise<SweeperLease>;

  /**
   * @returns the duty with its new version
   * @throws ConcurrentUpdateError it was changed since it was read
   */
  abstract save(duty: SweeperLease): Promise<SweeperLease>;
}
