/** The entry of `lockstep/cache`: everything that a user of the cache needs. README.md explains it. */
export { BypassCache } from './bypass-cache.js';
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
export { type CacheMode, localCache, type SharedCache, sharedCache } from './cache-levels.js';
export { CacheObserver } from './cache-observer.js';
export type { CacheSettings } from './cache-settings.js';
export { InProcessCache } from './in-process-cache.js';
export { RedisCache } from './redis-cache.js';
export type { RedisCacheSettings } from './redis-cache-settings.js';
export { TwoLevelCache } from './two-level-cache.js';
