import type { PopularityWindow, Ranking } from '../../domain/popularity/popularity.js';
import { RankingStore } from '../../domain/popularity/ports.js';

/** The rankings of this process, in memory. */
export class InProcessRankings extends RankingStore {
  private readonly latest = new Map<PopularityWindow, Ranking>();

  override async find(window: PopularityWindow): Promise<Ranking | undefined> {
    return this.latest.get(window);
  }

  override async publish(ranking: Ranking): Promise<void> {
    const before = this.latest.get(ranking.window);
    if (before && before.computedAt >= ranking.computedAt) return;
    this.latest.set(ranking.window, ranking);
  }
}
