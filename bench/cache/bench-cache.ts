import { askRedis } from '../../tools/servers/redis/ask-redis.js';
import { startRedis } from '../../tools/servers/redis/start-redis.js';
import { thresholdTable, versionsOf, writeComparison } from '../comparison.js';
import { describeMachine, loadNow } from '../machine.js';
import { plainTable } from '../table.js';
import type { Contestant } from './contestant.js';
import { CONTESTANTS } from './contestants.js';
import type { Plan } from './plan.js';
import { type CacheReport, figureTable } from './report/report.js';
import { markdownReport } from './report/report-markdown.js';
import { svgReport } from './report/report-plot.js';
import { runCache } from './run-cache.js';
import { judge } from './thresholds/judge.js';

/** Compares the caches on a Redis server that it starts and stops. */
export async function benchCache(
  command: string,
  plan: Plan,
  contestants: readonly Contestant[] = CONTESTANTS,
  progress: (line: string) => void = () => undefined,
): Promise<CacheReport> {
  const since = performance.now();
  const loadBefore = loadNow();
  const settings = { appendonly: 'no', save: '' };
  await using redis = await startRedis({ sources: ['docker', 'binary'], settings });
  const outcomes = await runCache(redis.url, contestants, plan, progress);
  return {
    ...{ command, plan, outcomes, thresholds: judge(outcomes) },
    date: new Date().toISOString().slice(0, 10),
    seconds: Math.round((performance.now() - since) / 1000),
    machine: describeMachine(String(await askRedis(redis.url, ['INFO', 'server'])), loadBefore),
    versions: versionsOf(contestants),
  };
}

export function printReport(report: CacheReport): void {
  console.log([figureTable(report), thresholdTable(report)].map(plainTable).join('\n\n'));
}

export function writeReport(report: CacheReport, folder: string): void {
  const shown = { page: markdownReport(report), picture: svgReport(report) };
  writeComparison(folder, 'cache', report, shown);
}
