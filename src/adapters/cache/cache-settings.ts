import type { CacheEntry } from '../../domain/ports/cache-port.js';
import { type CacheClock, TurnClock } from './cache-clock.js';
import { type CacheObserver, silentCacheObserver } from './cache-observer.js';
import type { LocalBounds } from './local/local-entries.js';

/** What every cache is told; durations in milliseconds. */
export interface CacheSettings extends LocalBounds {
  /** No answer is given that was replaced longer ago than this, whatever is lost or stopped. */
  readonly maxStalenessMs: number;
  /** Longest life of an answer (expiration); each lives up to a tenth less, so not all end at once. */
  readonly ttlMs: number;
  /** The same for the answer that there is no such thing. */
  readonly absentTtlMs: number;
  /** How long the hold-off of a write stands whose end nobody tells; no write may take longer. */
  readonly holdOffMs: number;
  /** Longest time from a commit being sent until it has landed or never will. */
  readonly commitMs: number;
  readonly clock: CacheClock;
  readonly observer: CacheObserver;
}

export const defaultCacheSettings: CacheSettings = {
  maxEntries: 100_000,
  maxBytes: 64 * 1024 * 1024,
  maxStalenessMs: 1_000,
  ttlMs: 300_000,
  absentTtlMs: 10_000,
  holdOffMs: 15_000,
  commitMs: 8_000,
  clock: new TurnClock(),
  observer: silentCacheObserver,
};

/** How long an answer may be kept, in milliseconds. */
export function lifeMs(
  settings: CacheSettings,
  entry: Pick<CacheEntry, 'ttlMs'>,
  text: string | undefined,
): number {
  const longest = text === undefined ? settings.absentTtlMs : (entry.ttlMs ?? settings.ttlMs);
  return longest * (1 - Math.random() / 10);
}
