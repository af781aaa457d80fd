import {
  POPULARITY_WINDOWS,
  type PopularityWindow,
  RANKED,
  spanOf,
} from '../../../../src/domain/popularity/popularity.js';
import type { SalesQueries } from '../../../../src/domain/popularity/ports.js';
import { PastSales } from '../../../support/sales.js';

/** Moments whose text is easily read as another moment. */
const EDGES = [
  // The end of a day in Seoul, in UTC and in New York.
  '2026-01-08T15:00:00.000Z',
  '2026-01-09T00:00:00.000Z',
  '2026-01-09T05:00:00.000Z',
  // In New York the clocks change from 2 to 3, and from 2 to 1.
  '2026-03-08T07:00:00.000Z',
  '2026-11-01T06:00:00.000Z',
].map((time) => new Date(time));

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * Sales around each edge, in milliseconds before it, so that each window begins between two of
 * them.
 */
const BEFORE = [
  ...[-1, 0, 1],
  ...[5, 10].flatMap((minutes) => [minutes * MINUTE - 1, minutes * MINUTE + 11_000]),
  ...[24, 7 * 24].flatMap((hours) => [hours * HOUR - 1, hours * HOUR + HOUR + 1]),
];

/** What is read of these sales. Times are numbers, so they have no time zone. */
export interface ZoneReading {
  readonly soldAt: readonly number[];
  readonly tops: readonly {
    readonly window: PopularityWindow;
    readonly asOf: number;
    readonly sold: readonly { readonly productId: string; readonly units: number }[];
  }[];
}

export class SalesAtEdges extends PastSales {
  /** Some units at each moment, a different number each time. */
  async sellAll(productId: string): Promise<void> {
    await this.addProduct(productId);
    const times = EDGES.flatMap((edge) => BEFORE.map((ms) => new Date(edge.getTime() - ms)));
    await this.transact(async (tx) => {
      for (const [i, time] of times.entries()) {
        await this.sellWithin(tx, { [productId]: i + 1 }, time);
      }
    });
  }
}

export async function readSales(sales: SalesQueries): Promise<ZoneReading> {
  const all = await sales.since(new Date(0), 10_000);
  const tops: ZoneReading['tops'][number][] = [];
  for (const asOf of EDGES) {
    for (const window of POPULARITY_WINDOWS) {
      const sold = await sales.top(spanOf(window, asOf), RANKED);
      tops.push({ window, asOf: asOf.getTime(), sold });
    }
  }
  return { soldAt: all.map(({ soldAt }) => soldAt.getTime()), tops };
}
