import {
  type PopularityWindow,
  RANKED,
  type Ranking,
  type SalesSpan,
  type Sold,
  spanOf,
} from '../../domain/popularity/popularity.js';
import type { SalesQueries } from '../../domain/popularity/ports.js';
import type { SalesRanking } from '../../domain/popularity/sales-ranking.js';
import type { Clock } from '../../domain/ports/clock.js';
import { DependencyUnavailableError } from '../../domain/ports/failures.js';
import type { Rankings } from './rankings.js';

/** Computes the ranking of a window and publishes it (scheduled refresh). */
export class RefreshRanking {
  constructor(
    private readonly ranking: SalesRanking,
    private readonly sales: SalesQueries,
    private readonly rankings: Rankings,
    private readonly clock: Clock,
  ) {}

  async execute(window: PopularityWindow): Promise<Ranking> {
    const ranking = await this.compute(window);
    await this.rankings.publish(ranking);
    return ranking;
  }

  /** Computes the ranking of now, without publishing it. */
  async compute(window: PopularityWindow): Promise<Ranking> {
    const computedAt = this.clock.now();
    const span = spanOf(window, computedAt);
    const sold = (await this.#fromRedis(span)) ?? (await this.sales.top(span, RANKED));
    return { window, computedAt, sold };
  }

  /** The ranking from Redis; undefined when it must be computed from the orders. */
  async #fromRedis(span: SalesSpan): Promise<Sold[] | undefined> {
    try {
      return await this.ranking.top(span, RANKED);
    } catch (error) {
      if (error instanceof DependencyUnavailableError) return undefined;
      throw error;
    }
  }
}
