import {
  type PopularityWindow,
  RANKED,
  type Ranking,
  type SalesSpan,
  type Sold,
  spanOf,
} from '../../domain/popularity.js';
import type { Clock } from '../../domain/ports/clock.js';
import { DependencyUnavailableError } from '../../domain/ports/failures.js';
import type { RankingStore } from '../../domain/ports/ranking-store.js';
import type { SalesQueries } from '../../domain/ports/sales-queries.js';
import type { SalesRanking } from '../../domain/ports/sales-ranking.js';
import type { FollowSales } from './follow-sales.js';

/** Computes the ranking of a window and publishes it (scheduled refresh). */
export class RefreshRanking {
  constructor(
    private readonly followSales: FollowSales,
    private readonly ranking: SalesRanking,
    private readonly sales: SalesQueries,
    private readonly store: RankingStore,
    private readonly clock: Clock,
  ) {}

  async execute(window: PopularityWindow): Promise<Ranking> {
    const computedAt = this.clock.now();
    const span = spanOf(window, computedAt);
    const sold = (await this.kept(span)) ?? (await this.sales.top(span, RANKED));
    const ranking = { window, computedAt, sold };
    await this.store.publish(ranking);
    return ranking;
  }

  /** Undefined where the orders themselves must be asked. */
  private async kept(span: SalesSpan): Promise<Sold[] | undefined> {
    try {
      await this.followSales.execute();
      return await this.ranking.top(span, RANKED);
    } catch (error) {
      // When it is the database that is away, the orders cannot be asked either, and say so.
      if (error instanceof DependencyUnavailableError) return undefined;
      throw error;
    }
  }
}
