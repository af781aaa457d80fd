import path from 'node:path';
import { createClient } from '@redis/client';
import { startRedis } from '../../tools/servers/redis/start-redis.js';
import { thresholdTable, versionsOf, writeComparison } from '../comparison.js';
import { describeMachine, loadNow } from '../machine.js';
import { writeLockFigures } from '../report/lock-figures.js';
import { plainTable } from '../table.js';
import type { Contestant } from './contestant.js';
import { CONTESTANTS } from './contestants.js';
import type { Plan } from './plan.js';
import { type LockReport, scenarioTables } from './report/report.js';
import { markdownReport } from './report/report-markdown.js';
import { svgReport } from './report/report-plot.js';
import { summarise } from './report/summary.js';
import { runLocks } from './run/run-locks.js';
import { Workers } from './run/workers.js';
import { judge } from './thresholds/judge.js';

/** Compares the locks on a Redis server that it starts and stops. */
export async function benchLocks(
  command: string,
  plan: Plan,
  contestants: readonly Contestant[] = CONTESTANTS,
  progress: (line: string) => void = () => undefined,
): Promise<LockReport> {
  const since = performance.now();
  const loadBefore = loadNow();
  const settings = { appendonly: 'no', save: '' };
  await using redis = await startRedis({ sources: ['docker', 'binary'], settings });
  await using workers = new Workers();
  const client = createClient({ url: redis.url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const bench = { url: redis.url, workers, info: () => client.info('everything') };
    const { results, omitted } = await runLocks(bench, contestants, plan, progress);
    const summaries = summarise(results);
    return {
      ...{ command, plan, omitted, summaries, thresholds: judge(summaries) },
      date: new Date().toISOString().slice(0, 10),
      seconds: Math.round((performance.now() - since) / 1000),
      machine: describeMachine(await client.info('server'), loadBefore),
      versions: versionsOf(contestants),
    };
  } finally {
    client.destroy();
  }
}

export function printReport(report: LockReport): void {
  const tables = [...scenarioTables(report), thresholdTable(report)];
  console.log(tables.map(plainTable).join('\n\n'));
}

export function writeReport(report: LockReport, folder: string): void {
  const shown = { page: markdownReport(report), picture: svgReport(report) };
  writeComparison(folder, 'locks', report, shown);
  writeLockFigures(path.join(folder, 'locks-summary.json'), report);
}
