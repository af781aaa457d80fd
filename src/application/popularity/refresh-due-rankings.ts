import {
  LONG_WINDOWS,
  type PopularityWindow,
  type Ranking,
} from '../../domain/popularity/popularity.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { SweeperElection } from '../sweeping/sweeper-election.js';
import type { Rankings } from './rankings.js';
import type { RefreshRanking } from './refresh-ranking.js';

/**
 * Computes the rankings of the long windows that are older than their last due time. One process does
 * it for all instances. When no instance runs at the due time, the next one that runs does it. A window
 * without a ranking waits for its first reader.
 */
export class RefreshDueRankings {
  constructor(
    private readonly rankings: Rankings,
    private readonly refresh: RefreshRanking,
    private readonly leader: SweeperElection,
    private readonly clock: Clock,
    /** The last due time at or before `now`; undefined before the first. */
    private readonly lastDue: (now: Date) => Date | undefined,
  ) {}

  /** @throws the error of a computation; the ranking is still due */
  async execute(stopped: AbortSignal): Promise<void> {
    const rankings = await this.#stored();
    await this.#replaceEmpty(rankings);
    if (this.#dueAmong(rankings).length === 0 || !(await this.leader.take(stopped))) return;
    try {
      // Read again, because the leader before this one may have computed them.
      for (const window of this.#dueAmong(await this.#stored())) {
        if (stopped.aborted || !(await this.leader.take(stopped))) return;
        await this.refresh.execute(window);
      }
    } finally {
      // When this fails, the leadership expires.
      await this.leader.release().catch(() => {});
    }
  }

  /** From the database: one that failed over may have lost what the cache still has. */
  async #stored(): Promise<Ranking[]> {
    const rankings = await Promise.all(LONG_WINDOWS.map((each) => this.rankings.findStored(each)));
    return rankings.filter((ranking) => ranking !== undefined);
  }

  #dueAmong(rankings: readonly Ranking[]): PopularityWindow[] {
    const due = this.lastDue(this.clock.now());
    return rankings.flatMap(({ window, computedAt }) => (due && computedAt < due ? [window] : []));
  }

  /** A new shop does not wait a day for its first ranking with products. */
  async #replaceEmpty(rankings: readonly Ranking[]): Promise<void> {
    for (const { window } of rankings.filter(({ sold }) => sold.length === 0)) {
      const ranking = await this.refresh.compute(window);
      if (ranking.sold.length > 0) await this.rankings.publish(ranking);
    }
  }
}
