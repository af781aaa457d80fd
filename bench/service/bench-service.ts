import { startMysql } from '../../tools/servers/mysql/start-mysql.js';
import { askRedis } from '../../tools/servers/redis/ask-redis.js';
import { startRedis } from '../../tools/servers/redis/start-redis.js';
import {
  barCount,
  barTable,
  type Comparison,
  settingsTable,
  versionsOf,
  writeComparison,
} from '../comparison.js';
import { describeMachine, loadNow } from '../machine.js';
import { median } from '../statistics.js';
import { figure, markdownTable, plainTable, type Table } from '../table.js';
import type { Contestant } from './contestant.js';
import { lockstep } from './lockstep.js';
import { PEERS } from './peers/peer.js';
import type { Plan } from './plan.js';
import { svgReport } from './report-plot.js';
import { runService, type Sample } from './run-service.js';
import { judge } from './thresholds.js';

export interface ServiceReport extends Comparison {
  readonly plan: Plan;
  readonly samples: readonly Sample[];
}

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
  await using database = await startMysql({ ways: ['docker', 'binary'] });
  await using redis = await startRedis({ ways: ['docker', 'binary'] });
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

const COLUMNS: readonly (readonly [string, (sample: Sample) => number])[] = [
  ['answers/s', ({ perSecond }) => perSecond],
  ['p50 ms', ({ p50Ms }) => p50Ms],
  ['p99 ms', ({ p99Ms }) => p99Ms],
  ['max ms', ({ maxMs }) => maxMs],
  ['CPU ms', ({ cpuMs }) => cpuMs],
  ['statements', ({ statements }) => statements],
  ['Redis commands', ({ commands }) => commands],
  ['MB', ({ residentMb }) => residentMb],
  ['refused', ({ refusals }) => Object.values(refusals).reduce((sum, each) => sum + each, 0)],
];

export function scenarioTables({ plan, samples }: ServiceReport): Table[] {
  return plan.scenarios.map(({ id }) => {
    const inScenario = samples.filter(({ scenario }) => scenario === id);
    return {
      title: `${id}; medians of ${plan.rounds}, CPU, statements and commands for each answer`,
      columns: ['', ...COLUMNS.map(([name]) => name)],
      rows: [...Map.groupBy(inScenario, ({ contestant }) => contestant)].map(([who, own]) => [
        who,
        ...COLUMNS.map(([, value]) => figure(median(own.map(value)))),
      ]),
    };
  });
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
`;
}
