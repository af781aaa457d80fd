import { HealthCheck } from '../../domain/ports/health-check.js';
import { LockBusyError, type LockPort } from '../../domain/ports/lock-port.js';

/**
 * Acquires and releases a lock in Redis. While Redis is down, units of work go on with the row locks of
 * the database.
 */
export class RedisHealthCheck extends HealthCheck {
  override readonly dependency = 'redis';
  override readonly required = false;

  constructor(
    private readonly lock: LockPort,
    /** Keys that nobody else locks; with a cluster, one for each master. */
    private readonly keys: () => readonly string[],
  ) {
    super();
  }

  override async check(): Promise<void> {
    try {
      const lease = await this.lock.acquire(this.keys(), { waitMs: 0 });
      await lease.release();
    } catch (error) {
      // An earlier check that timed out holds the keys, so Redis grants locks.
      if (!(error instanceof LockBusyError)) throw error;
    }
  }
}
