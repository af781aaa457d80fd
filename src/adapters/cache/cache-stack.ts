import type { RedisClients } from '../redis/command-client.js';
import type { Cache } from './cache.js';
import type { CacheSettings } from './cache-settings.js';
import { InProcessCache } from './in-process-cache.js';
import { BypassCache } from './layers/1-bypass-cache.js';
import { TwoLevelCache } from './layers/2-two-level-cache.js';
import { RedisCache } from './layers/3-redis-cache.js';
import type { RedisCacheSettings } from './redis-cache-settings.js';

/** `auto`: reads use L1 and L2. `off`: no read does, but writes invalidate for other instances. */
export type CacheMode = 'auto' | 'off';

/** The cache without one shared Redis: BypassCache with mode `off`, then InProcessCache. */
export function localCache(settings: Partial<CacheSettings> = {}, mode: CacheMode = 'auto'): Cache {
  return forMode(mode, new InProcessCache(settings), settings);
}

/** The cache that instances share, and its RedisCache (layer 3), which its owner closes. */
export interface SharedCache {
  readonly cache: Cache;
  readonly redis: RedisCache;
}

/**
 * The cache that instances share, from the outside to the inside, as the files of `layers/`:
 *
 * 1. BypassCache, with mode `off` only: every read loads, and writes still invalidate.
 * 2. TwoLevelCache: answers from the memory of this process (L1) while it is in sync.
 * 3. RedisCache: answers from Redis (L2), or loads and stores.
 *
 * In the service, TracedCache (with traces) and CachePortAdapter are outside of these.
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
