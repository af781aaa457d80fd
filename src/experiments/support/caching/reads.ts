import { setTimeout as pause } from 'node:timers/promises';
import type { Backend, ExperimentOptions } from '../../experiment.js';
import { CacheRun } from './cache-run.js';
import { NEW_PRICE } from './catalogue-table.js';
import type { MakeCache } from './make-cache.js';
import { BOUND_MS } from './product-cache.js';
import type { ShopInstance } from './shop-instance.js';

/** After this time every message has arrived, and no old value may be served. */
const AFTERWARDS_MS = BOUND_MS + 50;

/** A load balancer sends reads to two instances: A, B, then a change through A, then A, B, A, B. */
export async function readsOnTwoInstances(
  backend: Backend,
  variant: string,
  makeCache: MakeCache,
  options?: ExperimentOptions,
) {
  await using run = await CacheRun.open(backend, options);
  const a = await run.instance('A', makeCache);
  const b = await run.instance('B', makeCache);
  await a.read();
  await b.read();
  await a.change(NEW_PRICE);
  await pause(AFTERWARDS_MS);
  for (const instance of [a, b, a, b]) await instance.read();
  return run.report(variant);
}

const EVERY_MS = 200;

/** TTL of the naive caches; longer than the staleness bound of the product. */
export const NAIVE_TTL_MS = 1_000;

/** Reads at intervals until every entry of a naive cache has expired. */
export async function readUntilExpired(instance: ShopInstance): Promise<void> {
  const endMs = performance.now() + NAIVE_TTL_MS + EVERY_MS;
  while (performance.now() < endMs) {
    await instance.read();
    await pause(EVERY_MS);
  }
}
