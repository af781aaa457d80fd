import type { CacheSource } from './cache.js';

/** Receives the events of a cache, for metrics and experiments. */
export class CacheObserver {
  /** A read has its result. */
  read(_source: CacheSource): void {}

  /** A load was started. */
  loaded(): void {}

  /** A loaded text was not kept, since a write may have replaced it during the load. */
  fillRefused(): void {}

  /** An entry was evicted to make room for another. */
  evicted(): void {}

  /** Invalidations were applied: one `message`, a `replay` of missed ones, or everything (`drop`). */
  invalidated(_by: 'message' | 'replay' | 'drop'): void {}

  /** A message arrived after one that did not arrive, or from another epoch. */
  gapFound(): void {}

  /** The cache is in sync with the other instances from now on, or no longer. */
  inSync(_now: boolean): void {}
}

export const silentCacheObserver = new CacheObserver();
