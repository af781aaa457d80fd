import { WINDOWS } from '../../domain/popularity/popularity.js';
import type { SalesQueries } from '../../domain/popularity/ports.js';
import type { Sale } from '../../domain/popularity/sale.js';
import type { RebuildWhen, SalesRanking } from '../../domain/popularity/sales-ranking.js';
import type { Clock } from '../../domain/ports/clock.js';

const PAGE = 500;

/**
 * Builds the ranking from the orders. The ranking is emptied first, and the orders are read after
 * that. So a sale that is paid meanwhile is recorded by its event, by this rebuild, or by both; a
 * repeat does no harm.
 */
export class RebuildRanking {
  constructor(
    private readonly ranking: SalesRanking,
    private readonly sales: SalesQueries,
    private readonly clock: Clock,
  ) {}

  /**
   * Answers how many sales it read; undefined when nothing had to be built.
   * @throws RebuildOvertakenError another rebuild began meanwhile
   */
  async execute(when: RebuildWhen, signal?: AbortSignal): Promise<number | undefined> {
    const rebuild = await this.ranking.rebuild(when);
    if (!rebuild) return undefined;
    const { lengthMs, bucketMs } = WINDOWS['7d'];
    const since = new Date(this.clock.now().getTime() - lengthMs - bucketMs);
    let read = 0;
    for (let last: Sale | undefined; ; ) {
      signal?.throwIfAborted();
      const page = await this.sales.since(since, PAGE, last);
      if (page.length === 0) break;
      await rebuild.add(page);
      read += page.length;
      last = page.at(-1);
    }
    await rebuild.finish();
    return read;
  }
}
