import { HealthCheck } from '../../domain/ports/health-check.js';
import type { RedisCache } from '../cache/redis-cache.js';

/** Whether writes of cached resources are taken. Without Redis they are refused, and no others. */
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
