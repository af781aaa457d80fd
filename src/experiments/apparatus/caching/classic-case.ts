import { setTimeout as pause } from 'node:timers/promises';
import type { Servers } from '../../experiment.js';
import { CacheTrial } from './cache-trial.js';
import { NEW_PRICE } from './catalogue-table.js';
import type { MakeCache } from './make-cache.js';
import { BOUND_MS } from './product-cache.js';

/** By then every message has arrived, and nothing old may be answered any more. */
const AFTERWARDS_MS = BOUND_MS + 50;

/** Two instances that a balancer asks in turn: A, B, a change through A, then A, B, A, B. */
export async function classicCase(servers: Servers, variant: string, makeCache: MakeCache) {
  await using trial = await CacheTrial.open(servers);
  const a = await trial.instance('A', makeCache);
  const b = await trial.instance('B', makeCache);
  await a.read();
  await b.read();
  await a.change(NEW_PRICE);
  await pause(AFTERWARDS_MS);
  for (const instance of [a, b, a, b]) await instance.read();
  return trial.report(variant);
}
