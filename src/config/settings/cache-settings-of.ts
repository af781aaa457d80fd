import type { CacheObserver } from '../../adapters/cache/cache-observer.js';
import type { CacheSettings } from '../../adapters/cache/cache-settings.js';
import type { Settings } from './settings.js';

/** What the settings say to every cache. */
export function cacheSettingsOf(
  settings: Settings,
  observer: CacheObserver,
): Partial<CacheSettings> {
  return {
    maxEntries: settings.CACHE_L1_MAX_ENTRIES,
    maxBytes: settings.CACHE_L1_MAX_BYTES,
    maxStalenessMs: settings.CACHE_MAX_STALENESS_MS,
    holdOffMs: settings.CACHE_HOLD_OFF_MS,
    // Then the database has either answered or is taken for away.
    commitMs: settings.DB_QUERY_MS,
    ttlMs: settings.CACHE_TTL_MS,
    absentTtlMs: settings.CACHE_ABSENT_TTL_MS,
    observer,
  };
}
