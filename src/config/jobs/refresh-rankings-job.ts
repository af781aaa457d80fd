import { Cron } from 'croner';
import type { Container } from 'inversify';
import { Counter, Gauge, type Registry } from 'prom-client';
import {
  type Repetition,
  type RunFailure,
  runPeriodically,
} from '../../adapters/jobs/run-periodically.js';
import { CountBuyers } from '../../application/popularity/count-buyers.js';
import { RebuildRanking } from '../../application/popularity/rebuild-ranking.js';
import { RefreshDueRankings } from '../../application/popularity/refresh-due-rankings.js';
import { RefreshRanking } from '../../application/popularity/refresh-ranking.js';
import { SweeperElection } from '../../application/sweeping/sweeper-election.js';
import { SHORT_WINDOWS } from '../../domain/popularity/popularity.js';
import { RankingStore } from '../../domain/popularity/ports.js';
import { RebuildOvertakenError } from '../../domain/popularity/sales-ranking.js';
import { Clock } from '../../domain/ports/clock.js';
import { IdGenerator } from '../../domain/ports/id-generator.js';
import { UnitOfWork } from '../../domain/ports/unit-of-work.js';
import type { Settings } from '../settings/settings.js';

/** An instance that died while it computed the long windows is followed after this; milliseconds. */
const TERM_MS = 60_000;

/** Computes popular items for as long as the instance runs, and has Redis built anew when it must be. */
export function rankRegularly(
  container: Container,
  settings: Settings,
  metrics: Registry,
  onError: RunFailure,
): Repetition {
  const failures = new Counter({
    name: 'popular_failures_total',
    help: 'Computations of popular items that failed',
    registers: [metrics],
  });
  const failed: RunFailure = (error, again) => {
    if (error instanceof RebuildOvertakenError) return;
    failures.inc();
    onError(error, again);
  };
  const buyers = new Gauge({
    name: 'popular_buyers',
    help: 'Different customers who paid in the window; NaN where Redis does not know all of them',
    labelNames: ['window'],
    registers: [metrics],
  });
  const count = container.get(CountBuyers);
  const countBuyers = async () => {
    for (const window of SHORT_WINDOWS) {
      buyers.set({ window }, (await count.execute(window)) ?? Number.NaN);
    }
  };
  const refresh = container.get(RefreshRanking);
  const rebuild = container.get(RebuildRanking);
  const every = settings.POPULAR_REFRESH_MS;
  const refreshShort = async () => {
    for (const window of SHORT_WINDOWS) await refresh.execute(window);
    await countBuyers();
  };
  const short = runPeriodically(every, refreshShort, failed);
  // Beside the refreshes, which ask the orders themselves while a rebuild takes its time.
  const repair = runPeriodically(every, (stopped) => rebuild.execute('missing', stopped), failed);
  const due = dueRankings(container, settings, refresh);
  const long = runPeriodically(every, (stopped) => due.execute(stopped), failed);
  // What fell due while no instance ran is made up for at once.
  long.runSoon();
  return {
    runSoon: () => short.runSoon(),
    stop: async () => {
      await Promise.all([short.stop(), repair.stop(), long.stop()]);
    },
  };
}

function dueRankings(
  container: Container,
  { POPULAR_DAILY_CRON: pattern, POPULAR_TIME_ZONE: zone }: Settings,
  refresh: RefreshRanking,
): RefreshDueRankings {
  const clock = container.get(Clock);
  const holder = container.get(IdGenerator).next();
  const duty = new SweeperElection(container.get(UnitOfWork), clock, holder, TERM_MS, 'rankings');
  const schedule = dueTimes(pattern, zone);
  return new RefreshDueRankings(container.get(RankingStore), refresh, duty, clock, schedule);
}

/**
 * The last time at or before a moment that a pattern names, by the clocks of a time zone. A time that
 * is skipped when they go forward is the moment at which they do; of one that comes twice when they
 * go back, the first counts.
 */
export function dueTimes(pattern: string, zone: string): (now: Date) => Date | undefined {
  const cron = new Cron(pattern, { timezone: zone, paused: true });
  // Croner looks before the moment it is told, and not at it.
  return (now) => cron.previousRuns(1, new Date(now.getTime() + 1))[0];
}
