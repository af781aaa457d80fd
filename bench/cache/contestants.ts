import type { Contestant } from './contestant.js';
import { asyncCacheDedupe, asyncCacheDedupeMemory } from './contestants/async-cache-dedupe.js';
import { bentocache } from './contestants/bentocache.js';
import { cacheManager } from './contestants/cache-manager.js';
import { cacheable, cacheableTuned } from './contestants/cacheable.js';
import { clientSideCache } from './contestants/client-side-cache.js';
import { layeredLoader, layeredLoaderTuned } from './contestants/layered-loader.js';
import { lockstep } from './contestants/lockstep.js';
import { lockstepMemory } from './contestants/lockstep-memory.js';
import { lruCache } from './contestants/lru-cache.js';

export const CONTESTANTS: readonly Contestant[] = [
  lockstep,
  lockstepMemory,
  lruCache,
  bentocache,
  cacheable,
  cacheableTuned,
  cacheManager,
  asyncCacheDedupe,
  asyncCacheDedupeMemory,
  layeredLoader,
  layeredLoaderTuned,
  clientSideCache,
];

export function contestantOf(id: string): Contestant {
  const found = CONTESTANTS.find((contestant) => contestant.id === id);
  if (!found) throw new Error(`no contestant is called ${id}`);
  return found;
}
