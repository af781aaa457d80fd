import { classicCase } from '../../apparatus/caching/classic-case.js';
import { productCache } from '../../apparatus/caching/product-cache.js';
import { NAIVE_TTL_MS } from '../../apparatus/caching/read-for.js';
import type { CacheExperiment } from '../../experiment.js';
import { naiveLocalCacheWithBus } from '../../naive/naive-local-cache.js';

/**
 * The writer tells the other instances to evict. While every message arrives, and no load is under
 * way when it does, that is enough; the product's own cache looks the same here, and differs in
 * what it does on the days on which something is lost.
 */
export const localCachesWithBus: CacheExperiment = {
  id: 'local-caches-with-bus',
  title: 'Local caches with a bus',
  question: 'Nothing is stale here. What does it rest on?',
  run: async (servers) => [
    await classicCase(servers, 'evicted by pub/sub', naiveLocalCacheWithBus(NAIVE_TTL_MS)),
    await classicCase(servers, 'held off (the product)', productCache()),
  ],
};
