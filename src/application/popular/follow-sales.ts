import type { SalesFeed } from '../../domain/ports/sales-feed.js';
import type { SalesRanking } from '../../domain/ports/sales-ranking.js';

const BATCH = 200;

/**
 * Tells the ranking of the sales it does not know. A sale leaves the feed only once it was told,
 * and telling it twice changes nothing, so none is lost or doubled wherever this dies.
 */
export class FollowSales {
  constructor(
    private readonly feed: SalesFeed,
    private readonly ranking: SalesRanking,
  ) {}

  /** Answers how many there were. */
  async execute(): Promise<number> {
    for (let told = 0; ; told += BATCH) {
      const sales = await this.feed.untold(BATCH);
      if (sales.length === 0) return told;
      await this.ranking.record(sales);
      await this.feed.told(sales);
      // The last of them: what comes from now on is for the next run.
      if (sales.length < BATCH) return told + sales.length;
    }
  }
}
