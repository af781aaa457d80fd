import { HealthCheck } from '../../domain/ports/health-check.js';

interface Pingable {
  ping(): Promise<unknown>;
}

/** Without Redis, units of work go on under the database's row locks. */
export class RedisHealthCheck extends HealthCheck {
  override readonly dependency = 'redis';
  override readonly required = false;

  constructor(private readonly client: Pingable) {
    super();
  }

  override async check(): Promise<void> {
    await this.client.ping();
  }
}
