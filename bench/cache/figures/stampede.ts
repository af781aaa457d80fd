import { setTimeout as delay } from 'node:timers/promises';
import { median } from '../../statistics.js';
import type { Contestant } from '../contestant.js';
import { type Plan, STAMPEDE_LOAD_MS, STAMPEDING_READERS } from '../plan.js';
import { productText } from './counted-loader.js';

export interface Stampede {
  /** Loads from the source in one stampede, as the median of all. */
  readonly loads: number;
  /** The greatest number of loads in one stampede. */
  readonly most: number;
}

/** Counts the loads when 500 readers in each of two instances read one key that no cache has. */
export async function stampede(contestant: Contestant, url: string, plan: Plan): Promise<Stampede> {
  let loads = 0;
  const load = async (key: string) => {
    loads += 1;
    await delay(STAMPEDE_LOAD_MS);
    return productText(key);
  };
  const open = () => contestant.open({ url, busUrl: url, l1: 'on', load });
  const instances = [await open(), await open()];
  const counts: number[] = [];
  for (let time = 0; time < plan.stampedes; time += 1) {
    loads = 0;
    const key = `stampede:${process.pid}:${time}`;
    const readers = instances.flatMap((instance) => Array(STAMPEDING_READERS).fill(instance));
    await Promise.all(readers.map((instance) => instance.read(key)));
    counts.push(loads);
  }
  await Promise.all(instances.map((instance) => instance.close()));
  return { loads: median(counts), most: Math.max(...counts) };
}
