import {
  type SalesSpan,
  SHORT_WINDOWS,
  type Sold,
  WINDOWS,
} from '../../domain/popularity/popularity.js';
import type { Sale } from '../../domain/popularity/sale.js';
import {
  type RankingRebuild,
  RebuildOvertakenError,
  type RebuildWhen,
  SalesRanking,
} from '../../domain/popularity/sales-ranking.js';
import type { Clock } from '../../domain/ports/clock.js';
import { DependencyUnavailableError } from '../../domain/ports/failures.js';
import type { IdGenerator } from '../../domain/ports/id-generator.js';
import type { CommandSender } from '../redis/command-client.js';
import { RankingScript } from './ranking-script.js';
import type { SalesBuckets } from './sales-buckets.js';

/** A rebuild that sends nothing for this time counts as dead, in milliseconds. */
const REBUILD_MS = 60_000;

/** How a long window is added up. */
interface SumBounds {
  /** Most products in the buckets that one script reads, unless one bucket has more. */
  readonly maxEntries: number;
  /** Longest time of the whole sum, in milliseconds. Each script has a shorter one of its own. */
  readonly maxMs: number;
}

/** 2,000 products take Redis 1.4 ms where it was measured. The leadership of the long rankings lasts longer than the sum. */
const SUM_BOUNDS: SumBounds = { maxEntries: 2_000, maxMs: 10_000 };

/**
 * Units sold, in sorted sets: one for each span of ten seconds, and one for each hour. The buyers
 * of each ten seconds are in a set.
 *
 * Hashes contain the recorded version of each payment, so a sale that is recorded twice, late or in
 * the wrong order changes nothing. The sets answer only on the same run of the server on which they
 * were built: a restarted or promoted server may have lost sales.
 */
export class RedisSalesRanking extends SalesRanking {
  readonly #scripts = {
    record: new RankingScript('record'),
    top: new RankingScript('top'),
    sizes: new RankingScript('sizes'),
    buckets: new RankingScript('buckets'),
    buyers: new RankingScript('buyers'),
    begin: new RankingScript('begin-rebuild'),
    finish: new RankingScript('finish-rebuild'),
  };

  constructor(
    private readonly client: CommandSender,
    private readonly buckets: SalesBuckets,
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
    private readonly bounds = SUM_BOUNDS,
  ) {
    super();
  }

  override async record(sales: readonly Sale[]): Promise<void> {
    await this.#record(sales, '');
  }

  override top(span: SalesSpan, limit: number): Promise<Sold[] | undefined> {
    return isShort(span) ? this.#topByRedis(span, limit) : this.#topByProcess(span, limit);
  }

  override async buyers(span: SalesSpan): Promise<number | undefined> {
    const { builtOn, scratch } = this.buckets;
    const keys = [builtOn, scratch, ...this.buckets.buyersWithin(span)];
    const reply = await this.#scripts.buyers.run(this.client, keys, []);
    return typeof reply === 'number' ? reply : undefined;
  }

  override async rebuild(when: RebuildWhen): Promise<RankingRebuild | undefined> {
    const { rebuild, builtOn } = this.buckets;
    const keys = [rebuild, builtOn, ...this.buckets.all(this.clock.now())];
    const args = [this.ids.next(), REBUILD_MS, when];
    const name = await this.#scripts.begin.run(this.client, keys, args);
    if (typeof name !== 'string') return undefined;
    return {
      add: async (sales) => assertUnderWay(await this.#record(sales, name)),
      finish: async () => {
        const under = [rebuild, builtOn];
        assertUnderWay((await this.#scripts.finish.run(this.client, under, [name])) === 1);
      },
    };
  }

  /** Redis adds up the buckets: they are small, and each instance asks every few seconds. */
  async #topByRedis(span: SalesSpan, limit: number): Promise<Sold[] | undefined> {
    const keys = [this.buckets.builtOn, this.buckets.scratch, ...this.buckets.within(span)];
    const reply = await this.#scripts.top.run(this.client, keys, [limit]);
    return Array.isArray(reply) ? soldIn(reply) : undefined;
  }

  /**
   * This process adds up the buckets and reads a few at a time, so that Redis serves locks and caches
   * between two scripts. The union of a million order lines would stop Redis for 0.3 s. A sale that
   * is recorded meanwhile may be missing.
   *
   * @throws DependencyUnavailableError Redis does not reply in time
   */
  async #topByProcess(span: SalesSpan, limit: number): Promise<Sold[] | undefined> {
    const endsAt = performance.now() + this.bounds.maxMs;
    const { builtOn } = this.buckets;
    const buckets = this.buckets.within(span);
    const sizes = await this.#scripts.sizes.run(this.client, [builtOn, ...buckets], []);
    if (!Array.isArray(sizes)) return undefined;
    const sums = new Map<string, number>();
    for (const some of partsOf(buckets, sizes, this.bounds.maxEntries)) {
      if (performance.now() > endsAt) {
        const reason = new Error(`the buckets were not read in ${this.bounds.maxMs} ms`);
        throw new DependencyUnavailableError('redis', reason);
      }
      const replies = await this.#scripts.buckets.run(this.client, [builtOn, ...some], []);
      if (!Array.isArray(replies)) return undefined;
      for (const { productId, units } of (replies as string[][]).flatMap(soldIn)) {
        sums.set(productId, (sums.get(productId) ?? 0) + units);
      }
    }
    return Array.from(sums, ([productId, units]) => ({ productId, units }))
      .sort((a, b) => b.units - a.units || (a.productId < b.productId ? -1 : 1))
      .slice(0, limit);
  }

  /** Returns whether every sale was recorded. */
  async #record(sales: readonly Sale[], rebuild: string): Promise<boolean> {
    const replies = await Promise.all(
      sales.map(({ paymentId, version, counts, soldAt, userId, items }) => {
        const { keys, expireAt } = this.buckets.ofSale(soldAt);
        const units = items.flatMap(({ productId, quantity }) => [productId, quantity]);
        const sale = [rebuild, REBUILD_MS, paymentId, version, counts ? 1 : 0];
        const args = [...sale, ...expireAt, userId, ...units];
        return this.#scripts.record.run(this.client, [this.buckets.rebuild, ...keys], args);
      }),
    );
    return replies.every((reply) => reply === 1);
  }
}

function isShort({ bucketMs }: SalesSpan): boolean {
  return SHORT_WINDOWS.some((window) => WINDOWS[window].bucketMs === bucketMs);
}

/** The buckets that are not empty, in parts that have at most this many products together, or are one bucket. */
function partsOf(buckets: readonly string[], sizes: readonly number[], most: number): string[][] {
  const parts: string[][] = [];
  let products = most;
  for (const [i, bucket] of buckets.entries()) {
    const size = sizes[i] ?? 0;
    if (size === 0) continue;
    products += size;
    if (products > most) {
      parts.push([]);
      products = size;
    }
    parts.at(-1)?.push(bucket);
  }
  return parts;
}

/** Products and negative units, in turn, as the scripts reply them. */
function soldIn(reply: readonly string[]): Sold[] {
  return Array.from({ length: reply.length / 2 }, (_, i) => ({
    productId: String(reply[2 * i]),
    units: -Number(reply[2 * i + 1]),
  }));
}

function assertUnderWay(underWay: boolean): void {
  if (!underWay) throw new RebuildOvertakenError('another process rebuilds the ranking');
}
