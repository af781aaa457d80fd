import { type CacheSettings, defaultCacheSettings } from './cache-settings.js';

/** What the shared cache is told besides; durations in milliseconds. */
export interface RedisCacheSettings extends CacheSettings {
  /** Begins every name in Redis; in braces what keeps them in one slot of a cluster. */
  readonly base: string;
  /** An answer of Redis that takes longer counts as none. */
  readonly commandTimeoutMs: number;
  /** How long one instance may load what others wait for. */
  readonly fillMs: number;
  /** How long they wait for it before they read past the cache. */
  readonly fillPatienceMs: number;
  /** Resources whose last invalidation is remembered. */
  readonly logLength: number;
}

export function redisCacheSettings(settings: Partial<RedisCacheSettings>): RedisCacheSettings {
  return {
    ...defaultCacheSettings,
    base: '{lockstep:cache}',
    commandTimeoutMs: 250,
    fillMs: 3_000,
    fillPatienceMs: 1_000,
    logLength: 100_000,
    ...settings,
  };
}
