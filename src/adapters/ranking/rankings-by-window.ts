import type { PopularityWindow, Ranking } from '../../domain/popularity/popularity.js';
import { RankingStore } from '../../domain/popularity/ports.js';

/**
 * Keeps the short windows in one store and the long ones in another. Each instance computes a short
 * window every few seconds. A long window is computed once a day for all instances.
 */
export class RankingsByWindow extends RankingStore {
  constructor(
    private readonly windows: readonly PopularityWindow[],
    private readonly those: RankingStore,
    private readonly others: RankingStore,
  ) {
    super();
  }

  override find(window: PopularityWindow): Promise<Ranking | undefined> {
    return this.of(window).find(window);
  }

  override publish(ranking: Ranking): Promise<void> {
    return this.of(ranking.window).publish(ranking);
  }

  private of(window: PopularityWindow): RankingStore {
    return this.windows.includes(window) ? this.those : this.others;
  }
}
