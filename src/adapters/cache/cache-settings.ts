import { type InstantClock, TurnClock } from '../timeouts/instant.js';
import type { CacheEntry } from './cache.js';
import { type CacheObserver, silentCacheObserver } from './cache-observer.js';
import type { LocalBounds } from './local/local-entries.js';

/** Settings of every cache; durations in milliseconds. */
export interface CacheSettings extends LocalBounds {
  /**
   * The staleness bound: no text is returned that was replaced longer ago, also during failures.
   */
  readonly maxStalenessMs: number;
  /** Longest life of an entry; each lives up to a tenth less, so that not all expire at once. */
  readonly ttlMs: number;
  /** The same for the entry that there is no such thing. */
  readonly absentTtlMs: number;
  /** Life of a write intent whose writer does not end it; no write may take longer. */
  readonly writeIntentMs: number;
  /** Longest time from sending a commit until it is done or has failed. */
  readonly commitMs: number;
  readonly clock: InstantClock;
  readonly observer: CacheObserver;
}

export const defaultCacheSettings: CacheSettings = {
  maxEntries: 100_000,
  maxBytes: 64 * 1024 * 1024,
  maxStalenessMs: 1_000,
  ttlMs: 300_000,
  absentTtlMs: 10_000,
  writeIntentMs: 15_000,
  commitMs: 8_000,
  clock: new TurnClock(),
  observer: silentCacheObserver,
};

/** How long a text may be kept, in milliseconds. */
export function lifeMs(
  settings: CacheSettings,
  entry: Pick<CacheEntry, 'ttlMs'>,
  text: string | undefined,
): number {
  const longest = text === undefined ? settings.absentTtlMs : (entry.ttlMs ?? settings.ttlMs);
  return longest * (1 - Math.random() / 10);
}
