import { setTimeout as pause } from 'node:timers/promises';
import type { CacheExperiment, ExperimentOptions, Place } from '../../experiment.js';
import { naiveLocalCache } from '../../naive/naive-local-cache.js';
import { naiveSharedCache } from '../../naive/naive-shared-cache.js';
import { atOnce } from '../../support/at-once.js';
import { CacheRun } from '../../support/caching/cache-run.js';
import { type MakeCache, sharedBy } from '../../support/caching/make-cache.js';
import { productCache, productCacheOfOneProcess } from '../../support/caching/product-cache.js';
import { StepCounts } from '../../support/caching/step-counts.js';

const TTL_MS = 300;

/** The staleness bound is not the subject here; it is long, so that a slow process does not reach it. */
const LONG_BOUND = { ttlMs: TTL_MS, maxStalenessMs: 60_000 };

/**
 * A popular answer expires, and 500 readers of two instances miss it at the same moment. Each of
 * them loads it, although one load would be enough.
 *
 * In the product the readers of an instance share one load, and one instance loads for all.
 */
export const stampede: CacheExperiment = {
  id: 'stampede',
  title: 'Stampede on an expired answer',
  question: 'Readers want one row. How often is the database asked for it?',
  run: (servers, options) =>
    compare(servers, naiveSharedCache(TTL_MS), productCache(LONG_BOUND), options),
  runEmbedded: (place, options) =>
    compare(
      place,
      sharedBy(naiveLocalCache(TTL_MS)),
      productCacheOfOneProcess(LONG_BOUND),
      options,
    ),
};

async function compare(
  place: Place,
  naive: MakeCache,
  product: MakeCache,
  options?: ExperimentOptions,
) {
  return [
    await expire(place, 'each loads', naive, options),
    await expire(place, 'one loads (the product)', product, options),
  ];
}

async function expire(
  place: Place,
  variant: string,
  makeCache: MakeCache,
  { requests: readers = 500, ...options }: ExperimentOptions = {},
) {
  await using run = await CacheRun.open(place, options);
  const counts = { A: new StepCounts(), B: new StepCounts() };
  const a = await run.instance('A', makeCache, counts.A.note);
  const b = await run.instance('B', makeCache, counts.B.note);
  await a.read();
  await b.read();
  // A timer may fire a little before its time.
  await pause(TTL_MS + 20);
  run.restartCounting();
  for (const count of Object.values(counts)) count.clear();
  await atOnce(Array.from({ length: readers }, (_, i) => (i % 2 === 0 ? a : b).read()));
  for (const [name, count] of Object.entries(counts)) {
    count.noteAll(run.timeline.noteFor(name));
  }
  return run.report(`${readers} readers, ${variant}`);
}
