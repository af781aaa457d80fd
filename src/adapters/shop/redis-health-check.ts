import { HealthCheck } from '../../domain/ports/health-check.js';
import { LockBusyError, type LockPort } from '../../domain/ports/lock-port.js';

/**
 * Whether Redis gives locks and takes them back, by doing so. Without it, units of work go on under
 * the database's row locks.
 */
export class RedisHealthCheck extends HealthCheck {
  override readonly dependency = 'redis';
  override readonly required = false;

  constructor(
    private readonly lock: LockPort,
    /** Keys that nobody else takes; of a cluster, one for each master. */
    private readonly keys: () => readonly string[],
  ) {
    super();
  }

  override async check(): Promise<void> {
    try {
      const lease = await this.lock.acquire(this.keys(), { waitMs: 0 });
      await lease.release();
    } catch (error) {
      // An earlier check that was given up holds them: Redis gives locks.
      if (!(error instanceof LockBusyError)) throw error;
    }
  }
}
