import { Cron } from 'croner';
import type { CountBuyers } from '../../application/popularity/count-buyers.js';
import type { RebuildRanking } from '../../application/popularity/rebuild-ranking.js';
import type { RefreshDueRankings } from '../../application/popularity/refresh-due-rankings.js';
import type { RefreshRanking } from '../../application/popularity/refresh-ranking.js';
import { type PopularityWindow, SHORT_WINDOWS } from '../../domain/popularity/popularity.js';
import { RebuildOvertakenError } from '../../domain/popularity/sales-ranking.js';
import type { JobDefinition } from './job.js';

/** What these jobs report. */
export interface RankingMetrics {
  rankingFailed(): void;
  /** Undefined: the number is not known. */
  buyersCounted(window: PopularityWindow, buyers: number | undefined): void;
}

/** Computes the popular items of the short windows, and counts the customers who paid in them. */
export function refreshRankingsJob(
  everyMs: number,
  refresh: RefreshRanking,
  buyers: CountBuyers,
  metrics: RankingMetrics,
): JobDefinition {
  return {
    name: 'refresh-rankings',
    everyMs,
    run: async () => {
      for (const window of SHORT_WINDOWS) await refresh.execute(window);
      for (const window of SHORT_WINDOWS) {
        metrics.buyersCounted(window, await buyers.execute(window));
      }
    },
    onFailure: () => metrics.rankingFailed(),
  };
}

/**
 * Builds the counts in Redis again when they are missing. It is a separate job, because a rebuild
 * can be long, and meanwhile the rankings are computed from the orders.
 */
export function rebuildRankingJob(
  everyMs: number,
  rebuild: RebuildRanking,
  metrics: RankingMetrics,
): JobDefinition {
  return {
    name: 'rebuild-ranking',
    everyMs,
    run: (stopped) => rebuild.execute('missing', stopped).catch(unlessOvertaken),
    onFailure: () => metrics.rankingFailed(),
  };
}

/**
 * Computes the popular items of the long windows when they are due. One process does it for all.
 */
export function refreshDueRankingsJob(
  everyMs: number,
  due: RefreshDueRankings,
  metrics: RankingMetrics,
): JobDefinition {
  return {
    name: 'refresh-due-rankings',
    everyMs,
    // A due time may have passed while no instance ran.
    runsAtStart: true,
    run: (stopped) => due.execute(stopped),
    onFailure: () => metrics.rankingFailed(),
  };
}

/** Another instance builds the ranking already. */
function unlessOvertaken(error: unknown): void {
  if (!(error instanceof RebuildOvertakenError)) throw error;
}

/**
 * Finds the last time at or before `now` that a cron pattern names, in a time zone. Undefined: there
 * is none. A time that the change to summer time skips is the moment of the change. Of a time that
 * comes twice, the first one counts.
 */
export function dueTimes(pattern: string, zone: string): (now: Date) => Date | undefined {
  const cron = new Cron(pattern, { timezone: zone, paused: true });
  // Croner looks only at times before the given moment, so this is a millisecond later.
  return (now) => cron.previousRuns(1, new Date(now.getTime() + 1))[0];
}
