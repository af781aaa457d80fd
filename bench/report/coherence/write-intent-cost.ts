import { pino } from 'pino';
import 'reflect-metadata';
import { invalidates } from '../../../src/application/caching/invalidates.js';
import { writeProductThrough } from '../../../src/application/catalogue/cached-products.js';
import { createContainer } from '../../../src/config/container.js';
import { readSettings } from '../../../src/config/settings/settings.js';
import type { ProductState } from '../../../src/domain/catalogue/product.js';
import { UnitOfWork } from '../../../src/domain/ports/unit-of-work.js';
import { productKey } from '../../../src/domain/resource-keys.js';
import { median, percentile } from '../../statistics.js';
import { type Dataset, idOf } from '../dataset/dataset.js';
import type { Env } from '../load/instances.js';
import type { ReportPlan } from '../plan.js';

/** The cost of `atOnce` concurrent writes, with or without a write intent. Times are in milliseconds. */
export interface WriteCost {
  readonly way: 'without a write intent' | 'with a write intent';
  readonly atOnce: number;
  readonly writesPerSecond: number;
  /** Writes a second of each round, to be compared with the same round of the other way. */
  readonly rates: readonly number[];
  readonly p50: number;
  readonly p99: number;
}

const WAYS = ['without a write intent', 'with a write intent'] as const;
const ROUNDS = 8;

/** Measures what cache coherence costs a writer: the same unit of work with and without a write intent. */
export async function writeIntentCost(
  env: Env,
  data: Dataset,
  { writes, connections }: ReportPlan,
): Promise<WriteCost[]> {
  await using resources = new AsyncDisposableStack();
  const settings = readSettings({ ...env });
  const container = await createContainer(settings, pino({ level: 'silent' }), resources);
  const units = container.get(UnitOfWork);
  let next = 0;
  const write = async (way: WriteCost['way']): Promise<number> => {
    const id = idOf('product', next++ % data.products);
    const since = performance.now();
    await revise(units, id, next, way);
    return performance.now() - since;
  };
  for (const way of WAYS) await many(writes / ROUNDS, 1, () => write(way));
  const costs: WriteCost[] = [];
  for (const atOnce of [1, connections]) {
    costs.push(...(await compare(atOnce, Math.ceil(writes / ROUNDS), write)));
  }
  return costs;
}

/** Measures both ways alternately. The rate is the median of the rounds. */
async function compare(
  atOnce: number,
  writes: number,
  write: (way: WriteCost['way']) => Promise<number>,
): Promise<WriteCost[]> {
  const times = new Map<WriteCost['way'], number[]>(WAYS.map((way) => [way, []]));
  const rates = new Map<WriteCost['way'], number[]>(WAYS.map((way) => [way, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const way of round % 2 === 0 ? WAYS : WAYS.toReversed()) {
      const since = performance.now();
      const taken = await many(writes, atOnce, () => write(way));
      times.get(way)?.push(...taken);
      rates.get(way)?.push((taken.length * 1000) / (performance.now() - since));
    }
  }
  return WAYS.map((way) => ({
    ...{ way, atOnce, writesPerSecond: median(rates.get(way) ?? []), rates: rates.get(way) ?? [] },
    p50: percentile(times.get(way) ?? [], 0.5),
    p99: percentile(times.get(way) ?? [], 0.99),
  }));
}

async function many(count: number, atOnce: number, one: () => Promise<number>): Promise<number[]> {
  const taken: number[] = [];
  let left = Math.max(Math.ceil(count), atOnce);
  const lane = async () => {
    while (left-- > 0) taken.push(await one());
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return taken;
}

function revise(
  units: UnitOfWork,
  id: string,
  price: number,
  way: WriteCost['way'],
): Promise<ProductState> {
  const key = productKey(id);
  const options =
    way === 'with a write intent'
      ? { locks: [key], ...invalidates([key], writeProductThrough) }
      : { locks: [key] };
  return units.run<ProductState>(options, async (tx) => {
    const product = await tx.products.get(id);
    return (await tx.products.save(product.revise({ price }, new Date()))).state;
  });
}
