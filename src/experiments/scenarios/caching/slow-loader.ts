import type { CacheExperiment, ExperimentOptions, Place } from '../../experiment.js';
import { naiveLocalCache } from '../../naive/naive-local-cache.js';
import { naiveSharedCache } from '../../naive/naive-shared-cache.js';
import { CacheRun } from '../../support/caching/cache-run.js';
import { NEW_PRICE } from '../../support/caching/catalogue-table.js';
import { type MakeCache, sharedBy } from '../../support/caching/make-cache.js';
import { productCache, productCacheOfOneProcess } from '../../support/caching/product-cache.js';
import { NAIVE_TTL_MS, readUntilExpired } from '../../support/caching/reads.js';

/**
 * B misses and reads the price. Before B stores it, A changes the price and evicts an entry that
 * does not exist yet. Then B stores the old price, and no later write evicts it.
 *
 * The fill of the product is conditional: it needs the fill lease that it took at the miss, and an
 * invalidation deletes that lease.
 */
export const slowLoader: CacheExperiment = {
  id: 'slow-loader',
  title: 'Slow loader against an invalidation',
  question: 'Every write evicts, and no message is lost. Who puts the old price back?',
  run: (servers, options) =>
    compare(servers, naiveSharedCache(NAIVE_TTL_MS), productCache(), options),
  runEmbedded: (place, options) =>
    compare(place, sharedBy(naiveLocalCache(NAIVE_TTL_MS)), productCacheOfOneProcess(), options),
};

async function compare(
  place: Place,
  naive: MakeCache,
  product: MakeCache,
  options?: ExperimentOptions,
) {
  return [
    await invalidateDuringLoad(place, 'naive fill', naive, options),
    await invalidateDuringLoad(place, 'conditional fill (the product)', product, options),
  ];
}

async function invalidateDuringLoad(
  place: Place,
  variant: string,
  makeCache: MakeCache,
  options?: ExperimentOptions,
) {
  await using run = await CacheRun.open(place, options);
  const a = await run.instance('A', makeCache);
  const b = await run.instance('B', makeCache);
  const hasRead = Promise.withResolvers<void>();
  const resume = Promise.withResolvers<void>();
  b.queries.afterRead = () => {
    hasRead.resolve();
    return resume.promise;
  };
  const slow = b.read();
  await hasRead.promise;
  await a.change(NEW_PRICE).finally(resume.resolve);
  await slow;
  await readUntilExpired(b);
  return run.report(variant);
}
