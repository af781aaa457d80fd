import { HealthCheck } from '../../domain/ports/health-check.js';

interface Pingable {
  ping(): Promise<unknown>;
}

export class RedisHealthCheck extends HealthCheck {
  override readonly dependency = 'redis';

  constructor(private readonly client: Pingable) {
    super();
  }

  override async check(): Promise<void> {
    await this.client.ping();
  }
}
