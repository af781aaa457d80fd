import { BypassCache } from '../../adapters/cache/bypass-cache.js';
import type { CacheObserver } from '../../adapters/cache/cache-observer.js';
import type { CachePort } from '../../domain/ports/cache-port.js';
import type { Settings } from '../settings/settings.js';

/** The cache itself, or nothing in its place but what its writes owe to the readers of others. */
export function cacheForMode(
  { CACHE_MODE }: Settings,
  cache: CachePort,
  observer: CacheObserver,
): CachePort {
  return CACHE_MODE === 'off' ? new BypassCache(cache, observer) : cache;
}
