import { anywhere, type CacheExperiment } from '../../experiment.js';
import { naiveLocalCache } from '../../naive/naive-local-cache.js';
import { NAIVE_TTL_MS, readsOnTwoInstances } from '../../support/caching/reads.js';

/**
 * Each instance caches in its own memory and evicts what it changes. The other instances do not
 * learn of it. So until the TTL ends, a customer sees the new and the old price alternately, as the
 * load balancer chooses.
 */
export const localCaches: CacheExperiment = {
  id: 'local-caches',
  title: 'Local caches without a bus',
  question: 'The price was changed once. Why does it change with every request?',
  ...anywhere(async (place, options) => [
    await readsOnTwoInstances(place, 'local caches', naiveLocalCache(NAIVE_TTL_MS), options),
  ]),
};
