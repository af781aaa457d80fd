import type { RedisClients } from '../redis/command-client.js';
import type { Cache } from './cache.js';
import type { CacheSettings } from './cache-settings.js';
import { InProcessCache } from './in-process-cache.js';
import { BypassCache } from './levels/1-bypass-cache.js';
import { TwoLevelCache } from './levels/2-two-level-cache.js';
import { RedisCache } from './levels/3-redis-cache.js';
import type { RedisCacheSettings } from './redis-cache-settings.js';

/** `auto`: reads use every level. `off`: no read does, but writes invalidate for other instances. */
export type CacheMode = 'auto' | 'off';

/** The cache without one shared Redis: [bypass →] in-process → load. */
export function localCache(settings: Partial<CacheSettings> = {}, mode: CacheMode = 'auto'): Cache {
  return forMode(mode, new InProcessCache(settings), settings);
}

/** The cache that instances share, and its Redis level, which its owner closes. */
export interface SharedCache {
  readonly cache: Cache;
  readonly redis: RedisCache;
}

/**
 * The cache that instances share: [bypass →] two-level (memory of the process) → Redis → load.
 *
 * Never rejects: while Redis cannot be reached, reads load. Call `redis.close()` before the clients
 * are closed.
 */
export async function sharedCache(
  clients: RedisClients,
  settings: Partial<RedisCacheSettings> = {},
  mode: CacheMode = 'auto',
): Promise<SharedCache> {
  const redis = new RedisCache(clients, settings);
  const twoLevel = new TwoLevelCache(redis, settings);
  await redis.start();
  return { cache: forMode(mode, twoLevel, settings), redis };
}

function forMode(mode: CacheMode, cache: Cache, { observer }: Partial<CacheSettings>): Cache {
  return mode === 'off' ? new BypassCache(cache, observer) : cache;
}
