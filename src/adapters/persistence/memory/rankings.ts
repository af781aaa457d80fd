import type { PopularityWindow, Ranking } from '../../../domain/popularity/popularity.js';
import { RankingQueries, type RankingRepository } from '../../../domain/popularity/ports.js';
import { type MemoryDatabase, MemoryRows } from './memory-database.js';

export class MemoryRankingRepository extends MemoryRows implements RankingRepository {
  async publish(ranking: Ranking): Promise<void> {
    this.write(({ rankings }) => {
      const before = rankings.get(ranking.window);
      if (before && before.computedAt >= ranking.computedAt) return;
      rankings.set(ranking.window, ranking);
    });
  }
}

export class MemoryRankingQueries extends RankingQueries {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async find(window: PopularityWindow): Promise<Ranking | undefined> {
    return this.database.tables.rankings.get(window);
  }
}
