import { LRUCache } from 'lru-cache';
import { type Contestant, L1_ENTRIES } from '../contestant.js';
import type { Plan } from '../plan.js';
import { CountedLoader } from './counted-loader.js';
import { pairedRate } from './paired-rate.js';
import type { Rate, Read } from './rate.js';

const KEYS = Array.from({ length: 1_000 }, (_, index) => `l1:${process.pid}:${index}`);
/** Reads between two checks of the clock, since a check costs more than a hit. */
const STRIDE = 250;

/** Measures hits in L1, awaited one by one, and compares them with an awaited `get` of lru-cache. */
export async function l1Hits(contestant: Contestant, url: string, plan: Plan): Promise<Rate> {
  const loader = new CountedLoader();
  const session = await contestant.open({ url, busUrl: url, l1: 'on', load: loader.load });
  const floor = new LRUCache<string, string>({ max: L1_ENTRIES });
  for (const key of KEYS) floor.set(key, await loader.load(key));
  await Promise.all(KEYS.map((key) => session.read(key)));
  const own: Read = contestant.kind === 'floor' ? (key) => floor.get(key) : session.read;
  const rate = await pairedRate(oneByOne, own, (key) => floor.get(key), plan);
  await session.close();
  return rate;
}

async function oneByOne(read: Read, ms: number): Promise<number> {
  const begun = performance.now();
  let reads = 0;
  while (performance.now() - begun < ms) {
    for (let i = 0; i < STRIDE; i += 1) await read(KEYS[(reads + i) % KEYS.length] ?? '');
    reads += STRIDE;
  }
  return (reads * 1_000) / (performance.now() - begun);
}
