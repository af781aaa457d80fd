import { startMysql } from '../../tools/servers/mysql/start-mysql.js';
import { askRedis } from '../../tools/servers/redis/ask-redis.js';
import { startRedis } from '../../tools/servers/redis/start-redis.js';
import { barCount, barTable, settingsTable, versionsOf, writeComparison } from '../comparison.js';
import { describeMachine, loadNow } from '../machine.js';
import { markdownTable, plainTable } from '../table.js';
import type { Contestant } from './contestant.js';
import { lockstep } from './lockstep.js';
import { PEERS } from './peers/peer.js';
import type { Plan } from './plan.js';
import { type ServiceReport, scenarioTables } from './report.js';
import { svgReport } from './report-plot.js';
import { runService } from './run-service.js';
import { judge } from './thresholds.js';

export const CONTESTANTS: readonly Contestant[] = [lockstep, ...PEERS];

/** Compares whole services over HTTP, on a database and a Redis of its own. */
export async function benchService(
  command: string,
  plan: Plan,
  contestants: readonly Contestant[] = CONTESTANTS,
  progress: (line: string) => void = () => undefined,
): Promise<ServiceReport> {
  const since = performance.now();
  const loadBefore = loadNow();
  await using database = await startMysql({ sources: ['docker', 'binary'] });
  await using redis = await startRedis({ sources: ['docker', 'binary'] });
  const makeServers = async () => {
    await askRedis(redis.url, ['FLUSHALL']);
    return { databaseUrl: await database.createDatabase(), redisUrl: redis.url };
  };
  const samples = await runService(makeServers, contestants, plan, progress);
  const info = String(await askRedis(redis.url, ['INFO', 'server']));
  return {
    command,
    plan,
    samples,
    bars: judge(samples),
    date: new Date().toISOString().slice(0, 10),
    seconds: Math.round((performance.now() - since) / 1_000),
    machine: describeMachine(info, loadBefore),
    versions: versionsOf(contestants),
  };
}

export function printReport(report: ServiceReport): void {
  console.log([...scenarioTables(report), barTable(report)].map(plainTable).join('\n\n'));
}

/** The page, the figures and the picture in `folder`. */
export function writeReport(report: ServiceReport, folder: string): void {
  writeComparison(folder, 'service', report, {
    page: pageOf(report),
    picture: svgReport(report),
  });
}

function pageOf(report: ServiceReport): string {
  const { command, date, seconds, machine } = report;
  const tables = scenarioTables(report).map(
    (table) => `### ${table.title}\n\n${markdownTable(table)}`,
  );
  return `# The whole service

\`${command}\` wrote this page and the picture on ${date}, in ${seconds} s on ${machine.cores} cores
(${machine.cpu}, ${machine.system}), Node ${machine.node}, Redis ${machine.redis}. Load average
${machine.loadBefore} before, ${machine.loadAfter} after.

![Orders a second of every contestant in every scenario](service.svg)

## Thresholds

In this run: ${barCount(report.bars)}.

${markdownTable(barTable(report))}

## Figures

The driver sends prepared bytes on kept-alive connections, each its next request when the one before
was answered. All contestants play in turn, each in processes of its own on an empty database, every
other round in the opposite sequence.

${tables.join('\n\n')}

## Contestants

${markdownTable(settingsTable(report, CONTESTANTS))}

"batched mysql2, no HTTP" is a floor: one transaction for 64 orders with their items and two events each, in
the process of the benchmark, without authentication, validation and responses.
`;
}
