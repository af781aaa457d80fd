import type { SalesSpan, Sold } from '../../domain/popularity/popularity.js';
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

  override async top(span: SalesSpan, limit: number): Promise<Sold[] | undefined> {
    const keys = [this.buckets.builtOn, this.buckets.scratch, ...this.buckets.within(span)];
    const reply = (await this.#scripts.top.run(this.client, keys, [limit])) as string[] | null;
    if (reply === null) return undefined;
    return Array.from({ length: reply.length / 2 }, (_, i) => ({
      productId: String(reply[2 * i]),
      units: -Number(reply[2 * i + 1]),
    }));
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

function assertUnderWay(underWay: boolean): void {
  if (!underWay) throw new RebuildOvertakenError('another process rebuilds the ranking');
}
