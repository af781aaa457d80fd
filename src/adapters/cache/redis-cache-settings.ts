import { type CacheSettings, defaultCacheSettings } from './cache-settings.js';

/** Further settings of the shared cache; durations in milliseconds. */
export interface RedisCacheSettings extends CacheSettings {
  /** Begins every key in Redis; the part in braces keeps them in one slot of a cluster. */
  readonly base: string;
  /** A command that takes longer has failed. */
  readonly commandTimeoutMs: number;
  /** Longest load whose text is kept. */
  readonly fillMs: number;
  /** Life of a fill lease, which its holder renews while it loads: so long others wait for one that crashed. */
  readonly fillLeaseMs: number;
  /** How long the others wait before they load past the cache. */
  readonly fillWaitMs: number;
  /** How many resources have the number of their last invalidation remembered. */
  readonly logLength: number;
}

export function redisCacheSettings(settings: Partial<RedisCacheSettings>): RedisCacheSettings {
  return {
    ...defaultCacheSettings,
    base: '{lockstep:cache:2}',
    commandTimeoutMs: 250,
    fillMs: 3_000,
    fillLeaseMs: 800,
    fillWaitMs: 1_000,
    logLength: 100_000,
    ...settings,
  };
}
