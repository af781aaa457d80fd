import { HealthCheck } from '../../domain/ports/health-check.js';
import { LockBusyError, type LockPort } from '../../domain/ports/lock-port.js';

/**
 * Checks Redis by acquiring and releasing a lock. Without Redis, units of work continue with the row
 * locks of the database.
 */
export class LockHealthCheck extends HealthCheck {
  override readonly dependency = 'redis';
  override readonly required = false;

  constructor(
    private readonly lock: LockPort,
    /** Keys that only this instance uses; for a cluster, one key for each master. */
    private readonly keys: () => readonly string[],
  ) {
    super();
  }

  override async check(): Promise<void> {
    try {
      const lease = await this.lock.acquire(this.keys(), { waitMs: 0 });
      await lease.release();
    } catch (error) {
      // An earlier check that timed out still holds the keys, so Redis grants locks.
      if (!(error instanceof LockBusyError)) throw error;
    }
  }
}
