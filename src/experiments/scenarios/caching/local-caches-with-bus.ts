import type { CacheExperiment } from '../../experiment.js';
import { naiveLocalCacheWithBus } from '../../naive/naive-local-cache.js';
import { productCache } from '../../support/caching/product-cache.js';
import { NAIVE_TTL_MS, readsOnTwoInstances } from '../../support/caching/reads.js';

/**
 * The writer publishes an eviction to the other instances. That is enough while every message
 * arrives and no load is under way. The product's own cache behaves the same here; it differs when
 * a message is lost.
 */
export const localCachesWithBus: CacheExperiment = {
  id: 'local-caches-with-bus',
  title: 'Local caches with a bus',
  question: 'Nothing is stale here. What does it rest on?',
  run: async (servers, options) => [
    await readsOnTwoInstances(
      servers,
      'evicted by pub/sub',
      naiveLocalCacheWithBus(NAIVE_TTL_MS),
      options,
    ),
    await readsOnTwoInstances(servers, 'write intent (the product)', productCache(), options),
  ],
};
