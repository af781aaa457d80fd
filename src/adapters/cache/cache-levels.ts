import type { RedisClients } from '../redis/command-client.js';
import { BypassCache } from './bypass-cache.js';
import type { Cache } from './cache.js';
import type { CacheSettings } from './cache-settings.js';
import { InProcessCache } from './in-process-cache.js';
import { RedisCache } from './redis-cache.js';
import type { RedisCacheSettings } from './redis-cache-settings.js';
import { TwoLevelCache } from './two-level-cache.js';

/** `auto`: reads use every level. `off`: no read does, but writes invalidate for other instances. */
export type CacheMode = 'auto' | 'off';

/** The cache of a single instance: [bypass →] in-process. */
export function localCache(mode: CacheMode, settings: Partial<CacheSettings> = {}): Cache {
  return forMode(mode, new InProcessCache(settings), settings);
}

/** A shared cache, and the level of it that shows whether Redis takes its writes. */
export interface SharedCache {
  readonly cache: Cache;
  readonly redis: RedisCache;
}

/**
 * The cache that instances share: [bypass →] two-level (memory of the process) → Redis → load.
 *
 * Call `redis.start()` before the first read, and `redis.close()` before the clients are closed.
 */
export function sharedCache(
  mode: CacheMode,
  clients: RedisClients,
  settings: Partial<RedisCacheSettings> = {},
): SharedCache {
  const redis = new RedisCache(clients, settings);
  const twoLevel = new TwoLevelCache(redis, settings);
  return { cache: forMode(mode, twoLevel, settings), redis };
}

function forMode(mode: CacheMode, cache: Cache, { observer }: Partial<CacheSettings>): Cache {
  return mode === 'off' ? new BypassCache(cache, observer) : cache;
}
