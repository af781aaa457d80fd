import type { CacheSource } from '../../domain/ports/cache-port.js';

/** Told what happens in a cache, for metrics and experiments. */
export class CacheObserver {
  /** A read was answered. */
  read(_source: CacheSource): void {}

  /** The truth was asked. */
  loaded(): void {}

  /** An entry made room for another. */
  evicted(): void {}

  /** Invalidations were applied: one that was told, or those that a comparison found missing. */
  invalidated(_by: 'message' | 'replay' | 'drop'): void {}

  /** The cache came to be in step with the others, or ceased to be. */
  inStep(_now: boolean): void {}
}

export const silentCacheObserver = new CacheObserver();
