import { Cron } from 'croner';
import type { Container } from 'inversify';
import { Counter, Gauge, type Registry } from 'prom-client';
import { CountBuyers } from '../application/popular/count-buyers.js';
import { RebuildRanking } from '../application/popular/rebuild-ranking.js';
import { RefreshRanking } from '../application/popular/refresh-ranking.js';
import { LONG_WINDOWS, SHORT_WINDOWS } from '../domain/popularity.js';
import { RebuildOvertakenError } from '../domain/ports/sales-ranking.js';
import { type Repetition, type RunFailure, repeatedly } from './repeatedly.js';
import type { Settings } from './settings.js';

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
    await inTurn(refresh, SHORT_WINDOWS);
    await countBuyers();
  };
  const short = repeatedly(every, refreshShort, failed);
  // Beside the refreshes, which ask the orders themselves while a rebuild takes its time.
  const repair = repeatedly(every, (stopped) => rebuild.execute('missing', stopped), failed);
  let daily: Promise<void> = Promise.resolve();
  const cron = new Cron(settings.POPULAR_DAILY_CRON, { timezone: 'UTC', unref: true }, () => {
    daily = inTurn(refresh, LONG_WINDOWS).catch((error: unknown) => failed(error, false));
  });
  return {
    hasten: () => short.hasten(),
    stop: async () => {
      cron.stop();
      await Promise.all([short.stop(), repair.stop(), daily]);
    },
  };
}

async function inTurn(refresh: RefreshRanking, windows: typeof SHORT_WINDOWS): Promise<void> {
  for (const window of windows) await refresh.execute(window);
}
