import { type PopularityWindow, spanOf } from '../../domain/popularity/popularity.js';
import type { SalesRanking } from '../../domain/popularity/sales-ranking.js';
import type { Clock } from '../../domain/ports/clock.js';
import { DependencyUnavailableError } from '../../domain/ports/failures.js';

/** Counts the different customers who paid in a short window. */
export class CountBuyers {
  constructor(
    private readonly ranking: SalesRanking,
    private readonly clock: Clock,
  ) {}

  /** Undefined without Redis, while Redis does not know all of them, or when it does not answer. */
  async execute(window: PopularityWindow): Promise<number | undefined> {
    try {
      return await this.ranking.buyers(spanOf(window, this.clock.now()));
    } catch (error) {
      if (error instanceof DependencyUnavailableError) return undefined;
      throw error;
    }
  }
}
