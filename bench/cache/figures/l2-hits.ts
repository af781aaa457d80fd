import type { Contestant } from '../contestant.js';
import { connectNodeRedis } from '../contestants/node-redis.js';
import { CONCURRENT, type Plan } from '../plan.js';
import { CountedLoader, productText } from './counted-loader.js';
import { pairedRate } from './paired-rate.js';
import type { Rate, Read } from './rate.js';

/**
 * Each reader has its own keys, so that no read joins the single flight of another reader. The keys are
 * new, so that none expires during the measurement.
 */
const KEYS_A_READER = 16;
const KEYS = Array.from(
  { length: CONCURRENT * KEYS_A_READER },
  (_, index) => `l2:${process.pid}:${index}`,
);

/**
 * Measures hits in Redis with 64 concurrent reads, and compares them with a plain GET of node-redis.
 *
 * @throws Error the contestant loaded a key that its cache had to have
 */
export async function l2Hits(contestant: Contestant, url: string, plan: Plan): Promise<Rate> {
  const loader = new CountedLoader();
  const session = await contestant.open({ url, busUrl: url, l1: 'off', load: loader.load });
  const client = await connectNodeRedis(url);
  await Promise.all(KEYS.map((key) => client.set(`raw:${key}`, productText(key))));
  await Promise.all(KEYS.map((key) => session.read(key)));
  const { loads } = loader;
  const rate = await pairedRate(concurrently, session.read, (key) => client.get(`raw:${key}`), {
    ...plan,
    sliceMs: plan.sliceMs * 2,
  });
  if (loader.loads > loads)
    throw new Error(`${contestant.id} loaded a key that must be in its cache`);
  await session.close();
  client.destroy();
  return rate;
}

async function concurrently(read: Read, ms: number): Promise<number> {
  const begun = performance.now();
  let reads = 0;
  const reader = async (_: unknown, index: number) => {
    for (let at = 0; performance.now() - begun < ms; at = (at + 1) % KEYS_A_READER) {
      await read(KEYS[index * KEYS_A_READER + at] ?? '');
      reads += 1;
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT }, reader));
  return (reads * 1_000) / (performance.now() - begun);
}
