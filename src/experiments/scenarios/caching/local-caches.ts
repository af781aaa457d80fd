import { classicCase } from '../../apparatus/caching/classic-case.js';
import { NAIVE_TTL_MS } from '../../apparatus/caching/read-for.js';
import type { CacheExperiment } from '../../experiment.js';
import { naiveLocalCache } from '../../naive/naive-local-cache.js';

/**
 * Each instance caches in its own memory and evicts what it changes. The others are never told, so
 * until the TTL ends a customer sees the new price, the old, the new, the old, as the balancer
 * sends him around.
 */
export const localCaches: CacheExperiment = {
  id: 'local-caches',
  title: 'Local caches without a bus',
  question: 'The price was changed once. Why does it change with every request?',
  run: async (servers) => [
    await classicCase(servers, 'local caches', naiveLocalCache(NAIVE_TTL_MS)),
  ],
};
