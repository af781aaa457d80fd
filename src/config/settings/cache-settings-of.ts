import type { CacheObserver } from '../../adapters/cache/cache-observer.js';
import type { CacheSettings } from '../../adapters/cache/cache-settings.js';
import type { Settings } from './settings.js';

/** The settings of every cache. */
export function cacheSettingsOf(
  settings: Settings,
  observer: CacheObserver,
): Partial<CacheSettings> {
  return {
    maxEntries: settings.CACHE_L1_MAX_ENTRIES,
    maxBytes: settings.CACHE_L1_MAX_BYTES,
    maxStalenessMs: settings.CACHE_MAX_STALENESS_MS,
    writeIntentMs: settings.CACHE_HOLD_OFF_MS,
    // After this time a commit is done, or its connection is given up.
    commitMs: settings.DB_QUERY_MS,
    ttlMs: settings.CACHE_TTL_MS,
    absentTtlMs: settings.CACHE_ABSENT_TTL_MS,
    observer,
  };
}
