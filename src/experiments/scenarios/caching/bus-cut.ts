import { CacheTrial } from '../../apparatus/caching/cache-trial.js';
import { NEW_PRICE } from '../../apparatus/caching/catalogue-table.js';
import { connect, cut } from '../../apparatus/caching/connect.js';
import { busName, type MakeCache } from '../../apparatus/caching/make-cache.js';
import { productCache } from '../../apparatus/caching/product-cache.js';
import { NAIVE_TTL_MS, readUntilExpired } from '../../apparatus/caching/read-for.js';
import type { CacheExperiment, Servers } from '../../experiment.js';
import { naiveLocalCacheWithBus } from '../../naive/naive-local-cache.js';

/**
 * B's bus connection is cut whenever A is about to tell of a change, and comes back by itself a
 * moment later. What was told in between is lost, since pub/sub keeps nothing, and nobody notices.
 *
 * The product's instances compare their position with Redis at each heartbeat, and answer from
 * memory only while that succeeds: the message makes it fast, the comparison makes it right.
 */
export const busCut: CacheExperiment = {
  id: 'bus-cut',
  title: 'Bus cut during a write',
  question: 'B is connected again at once. How long does it go on with the old price?',
  run: async (servers) => [
    await cutBus(servers, 'evicted by pub/sub', naiveLocalCacheWithBus(NAIVE_TTL_MS)),
    await cutBus(servers, 'compared as well (the product)', productCache()),
  ],
};

async function cutBus(servers: Servers, variant: string, makeCache: MakeCache) {
  await using trial = await CacheTrial.open(servers);
  await using resources = new AsyncDisposableStack();
  const { prefix } = trial.names;
  const admin = await connect(servers.redisUrl, `${prefix}admin`, resources);
  const noteOfB = trial.timeline.noteFor('B');
  const a = await trial.instance('A', makeCache);
  const b = await trial.instance('B', makeCache);
  await b.read();
  a.cache.beforeTelling = async () => {
    await cut(admin, busName({ prefix, name: 'B' }));
    noteOfB('bus cut');
  };
  await a.change(NEW_PRICE);
  await readUntilExpired(b);
  return trial.report(variant);
}
