import { setTimeout as pause } from 'node:timers/promises';
import { atOnce } from '../../apparatus/at-once.js';
import { CacheTrial } from '../../apparatus/caching/cache-trial.js';
import type { MakeCache } from '../../apparatus/caching/make-cache.js';
import { productCache } from '../../apparatus/caching/product-cache.js';
import { Tally } from '../../apparatus/caching/tally.js';
import type { CacheExperiment, Servers } from '../../experiment.js';
import { naiveSharedCache } from '../../naive/naive-shared-cache.js';

const TTL_MS = 300;

/** How old an answer may be is another question: a process that stands still must not ask it here. */
const PATIENT = { ttlMs: TTL_MS, maxStalenessMs: 60_000 };

/**
 * A popular answer expires, and 500 readers of two instances find nothing at the same moment. Each
 * loads it, though one load would have done for all.
 *
 * In the product the readers of an instance share a load, and the instances take turns.
 */
export const stampede: CacheExperiment = {
  id: 'stampede',
  title: 'Stampede on an expired answer',
  question: 'Readers want one row. How often is the database asked for it?',
  run: async (servers, { requests = 500 } = {}) => [
    await expire(servers, 'each loads', naiveSharedCache(TTL_MS), requests),
    await expire(servers, 'one loads (the product)', productCache(PATIENT), requests),
  ],
};

async function expire(servers: Servers, variant: string, makeCache: MakeCache, readers: number) {
  await using trial = await CacheTrial.open(servers);
  const tallies = { A: new Tally(), B: new Tally() };
  const a = await trial.instance('A', makeCache, tallies.A.note);
  const b = await trial.instance('B', makeCache, tallies.B.note);
  await a.read();
  await b.read();
  await pause(TTL_MS);
  trial.beginAnew();
  for (const tally of Object.values(tallies)) tally.clear();
  await atOnce(Array.from({ length: readers }, (_, i) => (i % 2 === 0 ? a : b).read()));
  for (const [name, tally] of Object.entries(tallies)) {
    tally.writeDown(trial.timeline.noteFor(name));
  }
  return trial.report(`${readers} readers, ${variant}`);
}
