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
import type { IdGenerator } from '../../domain/ports/id-generator.js';
import type { CommandSender } from '../redis/command-client.js';
import { RankingScript } from './ranking-script.js';
import type { SalesBuckets } from './sales-buckets.js';

/** A rebuild that sends nothing for this time counts as dead, in milliseconds. */
const REBUILD_MS = 60_000;

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
    bucket: new RankingScript('bucket'),
    buyers: new RankingScript('buyers'),
    begin: new RankingScript('begin-rebuild'),
    finish: new RankingScript('finish-rebuild'),
  };

  constructor(
    private readonly client: CommandSender,
    private readonly buckets: SalesBuckets,
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
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
    return soldIn(reply as string[] | null);
  }

  /**
   * This process adds up the buckets and reads one at a time, so that Redis serves locks and caches
   * between two of them. The union of a million order lines would stop Redis for 0.3 s. A sale that
   * is recorded meanwhile may be missing.
   */
  async #topByProcess(span: SalesSpan, limit: number): Promise<Sold[] | undefined> {
    const sums = new Map<string, number>();
    for (const bucket of this.buckets.within(span)) {
      const keys = [this.buckets.builtOn, bucket];
      const reply = await this.#scripts.bucket.run(this.client, keys, []);
      const sold = soldIn(reply as string[] | null);
      if (!sold) return undefined;
      for (const { productId, units } of sold) {
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

/** Products and negative units, in turn, as the scripts reply them. */
function soldIn(reply: readonly string[] | null): Sold[] | undefined {
  if (reply === null) return undefined;
  return Array.from({ length: reply.length / 2 }, (_, i) => ({
    productId: String(reply[2 * i]),
    units: -Number(reply[2 * i + 1]),
  }));
}

function assertUnderWay(underWay: boolean): void {
  if (!underWay) throw new RebuildOvertakenError('another process rebuilds the ranking');
}
