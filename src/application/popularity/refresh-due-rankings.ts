import {
  LONG_WINDOWS,
  type PopularityWindow,
  type Ranking,
} from '../../domain/popularity/popularity.js';
import type { RankingStore } from '../../domain/popularity/ports.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { SweeperElection } from '../sweeping/sweeper-election.js';
import type { RefreshRanking } from './refresh-ranking.js';

/**
 * Computes the rankings of the long windows that are older than the last time they were due: one
 * process does it for all, whenever one of them runs, so a due time that all of them missed is made
 * up for. A window without a ranking waits for its first reader.
 */
export class RefreshDueRankings {
  constructor(
    private readonly store: RankingStore,
    private readonly refresh: RefreshRanking,
    private readonly duty: SweeperElection,
    private readonly clock: Clock,
    /** The last due time at or before `now`; absent before the first. */
    private readonly lastDue: (now: Date) => Date | undefined,
  ) {}

  /** @throws what computing them threw; they are due as before */
  async execute(stopped: AbortSignal): Promise<void> {
    const rankings = await this.stored();
    await this.replaceEmpty(rankings);
    if (this.dueAmong(rankings).length === 0 || !(await this.duty.take(stopped))) return;
    try {
      // Looked up again: another process may have computed them before it laid the duty down.
      for (const window of this.dueAmong(await this.stored())) {
        if (stopped.aborted || !(await this.duty.take(stopped))) return;
        await this.refresh.execute(window);
      }
    } finally {
      // Left behind, it ends by itself.
      await this.duty.release().catch(() => {});
    }
  }

  private async stored(): Promise<Ranking[]> {
    const rankings = await Promise.all(LONG_WINDOWS.map((window) => this.store.find(window)));
    return rankings.filter((ranking) => ranking !== undefined);
  }

  private dueAmong(rankings: readonly Ranking[]): PopularityWindow[] {
    const due = this.lastDue(this.clock.now());
    return rankings.flatMap(({ window, computedAt }) => (due && computedAt < due ? [window] : []));
  }

  /** A shop that has just opened does not wait a day for a ranking with something in it. */
  private async replaceEmpty(rankings: readonly Ranking[]): Promise<void> {
    for (const { window } of rankings.filter(({ sold }) => sold.length === 0)) {
      const ranking = await this.refresh.compute(window);
      if (ranking.sold.length > 0) await this.store.publish(ranking);
    }
  }
}
