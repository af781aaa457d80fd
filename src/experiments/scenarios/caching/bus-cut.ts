import type { CacheExperiment, ExperimentOptions, Servers } from '../../experiment.js';
import { naiveLocalCacheWithBus } from '../../naive/naive-local-cache.js';
import { CacheRun } from '../../support/caching/cache-run.js';
import { NEW_PRICE } from '../../support/caching/catalogue-table.js';
import { connect, cut } from '../../support/caching/connect.js';
import { busName, type MakeCache } from '../../support/caching/make-cache.js';
import { productCache } from '../../support/caching/product-cache.js';
import { NAIVE_TTL_MS, readUntilExpired } from '../../support/caching/reads.js';

/**
 * The bus connection of B is closed each time when A is about to publish a change, and B reconnects
 * a moment later. Pub/sub keeps no messages, so B misses those in between, and it does not notice.
 *
 * An instance of the product compares its position with Redis at each heartbeat, and answers from
 * memory only while that succeeds. The message makes the invalidation fast; the comparison makes it
 * safe.
 */
export const busCut: CacheExperiment = {
  id: 'bus-cut',
  title: 'Bus cut during a write',
  question: 'B is connected again soon. How long does it still answer with the old price?',
  run: async (servers, options) => [
    await cutBus(servers, 'evicted by pub/sub', naiveLocalCacheWithBus(NAIVE_TTL_MS), options),
    await cutBus(servers, 'compared as well (the product)', productCache(), options),
  ],
};

async function cutBus(
  servers: Servers,
  variant: string,
  makeCache: MakeCache,
  options?: ExperimentOptions,
) {
  await using run = await CacheRun.open(servers, options);
  await using resources = new AsyncDisposableStack();
  const { prefix } = run.names;
  const admin = await connect(servers.redisUrl, `${prefix}admin`, resources);
  const noteOfB = run.timeline.noteFor('B');
  const a = await run.instance('A', makeCache);
  const b = await run.instance('B', makeCache);
  await b.read();
  a.cache.beforePublish = async () => {
    await cut(admin, busName({ prefix, name: 'B' }));
    noteOfB('bus cut');
  };
  await a.change(NEW_PRICE);
  await readUntilExpired(b);
  return run.report(variant);
}
