import { z } from 'zod';
import type { CacheObserver } from '../../adapters/cache/cache-observer.js';
import type { CacheSettings } from '../../adapters/cache/cache-settings.js';
import { count, milliseconds, share, type Values } from './values/values.js';

/** Variables of the cache. */
export const cacheSettings = {
  CACHE_MODE: z.enum(['auto', 'off']).default('auto'),
  CACHE_MAX_STALENESS_MS: milliseconds(1_000, 50),
  CACHE_HOLD_OFF_MS: milliseconds(10_000),
  CACHE_TTL_MS: milliseconds(300_000),
  CACHE_ABSENT_TTL_MS: milliseconds(10_000),
  CACHE_L1_MAX_ENTRIES: count(100_000),
  CACHE_L1_MAX_BYTES: count(64 * 1024 * 1024),
  CACHE_STALENESS_SAMPLE: share.default(0.1),
};

/** These, and how long the database may take to answer. */
type CacheValues = Values<typeof cacheSettings> & { readonly DB_QUERY_MS: number };

/** What is wrong with these variables together; undefined when nothing is. */
export function cacheProblem(values: CacheValues): string | undefined {
  if (values.CACHE_HOLD_OFF_MS > values.DB_QUERY_MS) return undefined;
  return 'CACHE_HOLD_OFF_MS: must be more than DB_QUERY_MS';
}

/** The settings that every cache of this instance shares. */
export function cacheSettingsOf(
  settings: CacheValues,
  observer: CacheObserver,
): Partial<CacheSettings> {
  return {
    maxEntries: settings.CACHE_L1_MAX_ENTRIES,
    maxBytes: settings.CACHE_L1_MAX_BYTES,
    maxStalenessMs: settings.CACHE_MAX_STALENESS_MS,
    writeIntentMs: settings.CACHE_HOLD_OFF_MS,
    // After this a database that has not answered counts as down.
    commitMs: settings.DB_QUERY_MS,
    ttlMs: settings.CACHE_TTL_MS,
    absentTtlMs: settings.CACHE_ABSENT_TTL_MS,
    observer,
  };
}
