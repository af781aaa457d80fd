import type { CacheExperiment, Servers } from '../../experiment.js';
import { naiveSharedCache } from '../../naive/naive-shared-cache.js';
import { CacheRun } from '../../support/caching/cache-run.js';
import { NEW_PRICE } from '../../support/caching/catalogue-table.js';
import type { MakeCache } from '../../support/caching/make-cache.js';
import { productCache } from '../../support/caching/product-cache.js';
import { NAIVE_TTL_MS, readUntilExpired } from '../../support/caching/reads.js';

/**
 * B misses and reads the price. Before it stores what it read, A changes the price and evicts
 * an entry that is not there yet. Then B stores the old price, and no later write evicts it.
 *
 * The product's fill is conditional: it needs the fill lease that the miss took, and an invalidation
 * deletes that lease.
 */
export const slowLoader: CacheExperiment = {
  id: 'slow-loader',
  title: 'Slow loader against an invalidation',
  question: 'Every write evicts, and no message is lost. Who puts the old price back?',
  run: async (servers) => [
    await invalidateDuringLoad(servers, 'naive fill', naiveSharedCache(NAIVE_TTL_MS)),
    await invalidateDuringLoad(servers, 'conditional fill (the product)', productCache()),
  ],
};

async function invalidateDuringLoad(servers: Servers, variant: string, makeCache: MakeCache) {
  await using run = await CacheRun.open(servers);
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
