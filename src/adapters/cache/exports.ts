/** The entry of `lockstep/cache`: everything that a user of the cache needs. README.md explains it. */

export {
  Cache,
  type Cached,
  type CacheEntry,
  type CacheSource,
  CacheUnavailableError,
  type Load,
  type Loaded,
  type WriteIntent,
  WriteIntentExpiredError,
  type WrittenThrough,
} from './cache.js';
export { CacheObserver } from './cache-observer.js';
export type { CacheSettings } from './cache-settings.js';
export { type CacheMode, localCache, type SharedCache, sharedCache } from './cache-stack.js';
export { InProcessCache } from './in-process-cache.js';
export { BypassCache } from './layers/1-bypass-cache.js';
export { TwoLevelCache } from './layers/2-two-level-cache.js';
export { RedisCache } from './layers/3-redis-cache.js';
export type { RedisCacheSettings } from './redis-cache-settings.js';
