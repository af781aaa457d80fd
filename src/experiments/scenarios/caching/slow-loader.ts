import { CacheTrial } from '../../apparatus/caching/cache-trial.js';
import { NEW_PRICE } from '../../apparatus/caching/catalogue-table.js';
import type { MakeCache } from '../../apparatus/caching/make-cache.js';
import { productCache } from '../../apparatus/caching/product-cache.js';
import { NAIVE_TTL_MS, readUntilExpired } from '../../apparatus/caching/read-for.js';
import type { CacheExperiment, Servers } from '../../experiment.js';
import { naiveSharedCache } from '../../naive/naive-shared-cache.js';

/**
 * B misses and reads the price. Before it stores what it read, A changes the price and evicts
 * an entry that is not there yet. Then B stores the old price, and nobody will evict it again.
 *
 * The product's fill is conditional: it needs the lease that the miss took, and an invalidation
 * takes that away.
 */
export const slowLoader: CacheExperiment = {
  id: 'slow-loader',
  title: 'Slow loader against an invalidation',
  question: 'Every write evicts, and no message is lost. Who puts the old price back?',
  run: async (servers) => [
    await overtake(servers, 'naive fill', naiveSharedCache(NAIVE_TTL_MS)),
    await overtake(servers, 'conditional fill (the product)', productCache()),
  ],
};

async function overtake(servers: Servers, variant: string, makeCache: MakeCache) {
  await using trial = await CacheTrial.open(servers);
  const a = await trial.instance('A', makeCache);
  const b = await trial.instance('B', makeCache);
  const hasRead = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  b.queries.afterRead = () => {
    hasRead.resolve();
    return goOn.promise;
  };
  const slow = b.read();
  await hasRead.promise;
  await a.change(NEW_PRICE).finally(goOn.resolve);
  await slow;
  await readUntilExpired(b);
  return trial.report(variant);
}
