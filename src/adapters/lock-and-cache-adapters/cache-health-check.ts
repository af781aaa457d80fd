import { HealthCheck } from '../../domain/ports/health-check.js';
import type { RedisCache } from '../cache/layers/3-redis-cache.js';

/** Checks that Redis takes write intents. Without it only writes of cached resources are refused. */
export class CacheHealthCheck extends HealthCheck {
  override readonly dependency = 'redis';
  override readonly required = false;

  constructor(private readonly cache: RedisCache) {
    super();
  }

  override async check(): Promise<void> {
    await this.cache.assertWritable();
  }
}
