import {
  type PopularityWindow,
  RANKED,
  type Ranking,
  type SalesSpan,
  type Sold,
  spanOf,
} from '../../domain/popularity/popularity.js';
import type { RankingStore, SalesQueries } from '../../domain/popularity/ports.js';
import type { SalesRanking } from '../../domain/popularity/sales-ranking.js';
import type { Clock } from '../../domain/ports/clock.js';
import { DependencyUnavailableError } from '../../domain/ports/failures.js';

/** Computes the ranking of a window and publishes it (scheduled refresh). */
export class RefreshRanking {
  constructor(
    private readonly ranking: SalesRanking,
    private readonly sales: SalesQueries,
    private readonly store: RankingStore,
    private readonly clock: Clock,
  ) {}

  async execute(window: PopularityWindow): Promise<Ranking> {
    const ranking = await this.compute(window);
    await this.store.publish(ranking);
    return ranking;
  }

  /** As of now, published nowhere. */
  async compute(window: PopularityWindow): Promise<Ranking> {
    const computedAt = this.clock.now();
    const span = spanOf(window, computedAt);
    const sold = (await this.kept(span)) ?? (await this.sales.top(span, RANKED));
    return { window, computedAt, sold };
  }

  /** Undefined where the orders themselves must be asked. */
  private async kept(span: SalesSpan): Promise<Sold[] | undefined> {
    try {
      return await this.ranking.top(span, RANKED);
    } catch (error) {
      if (error instanceof DependencyUnavailableError) return undefined;
      throw error;
    }
  }
}
