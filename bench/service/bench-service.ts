import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { startKafka } from '../../tools/servers/kafka/start-kafka.js';
import { startMysql } from '../../tools/servers/mysql/start-mysql.js';
import { askRedis } from '../../tools/servers/redis/ask-redis.js';
import { startRedis } from '../../tools/servers/redis/start-redis.js';
import { shortened, versionsOf, writeComparison } from '../comparison.js';
import { databaseVersion, describeMachine, loadNow } from '../machine.js';
import { plainTable } from '../table.js';
import type { Contestant } from './contestant.js';
import { runGrowth } from './growth/run-growth.js';
import type { Plan } from './plan.js';
import { figureTables, type ServiceReport, summaryOf, thresholdTable } from './report/report.js';
import { markdownReport } from './report/report-markdown.js';
import { svgReport } from './report/report-plot.js';
import { judge } from './report/thresholds.js';
import { type MakeServers, runService } from './run-service.js';

/** The benchmark starts its own servers, so that their counters include no other client. */
const SOURCES = ['docker', 'binary'] as const;

/** Compares whole services over HTTP, on a database, a Redis and a Kafka that it starts and stops. */
export async function benchService(
  command: string,
  plan: Plan,
  contestants: readonly Contestant[],
  progress: (line: string) => void = () => undefined,
): Promise<ServiceReport> {
  const since = performance.now();
  const loadBefore = loadNow();
  await using resources = new AsyncDisposableStack();
  const settings = { 'innodb-buffer-pool-size': '512M' };
  const database = resources.use(await startMysql({ sources: SOURCES, settings }));
  const redis = resources.use(await startRedis({ sources: SOURCES }));
  let brokers: string | undefined;
  const makeServers: MakeServers = async ({ kafka = false } = {}) => {
    // Kafka starts only when it is needed, because it would take processor time from earlier contestants.
    if (kafka) brokers ??= resources.use(await startKafka({ sources: SOURCES })).brokers;
    await askRedis(redis.url, ['FLUSHALL']);
    const databaseUrl = await database.createDatabase();
    return { databaseUrl, redisUrl: redis.url, kafkaBrokers: kafka ? brokers : undefined };
  };
  const samples = await runService(makeServers, contestants, plan, progress);
  if (plan.growth) samples.push(...(await runGrowth(makeServers, plan.growth, plan, progress)));
  const info = String(await askRedis(redis.url, ['INFO', 'server']));
  return {
    command,
    plan,
    samples,
    thresholds: judge(samples, plan),
    date: new Date().toISOString().slice(0, 10),
    seconds: Math.round((performance.now() - since) / 1_000),
    machine: describeMachine(info, loadBefore),
    database: await databaseVersion(database.url),
    versions: versionsOf(contestants),
  };
}

export function printReport(report: ServiceReport): void {
  console.log([...figureTables(report), thresholdTable(report)].map(plainTable).join('\n\n'));
}

/** Writes the page, the figures and the picture to `folder`. */
export function writeReport(report: ServiceReport, folder: string): void {
  writeComparison(folder, 'service', report, {
    page: markdownReport(report),
    picture: svgReport(report),
  });
  const summary = JSON.stringify(summaryOf(report), shortened);
  // One line for each figure, so that a change of one figure changes one line.
  writeFileSync(
    path.join(folder, 'service-summary.json'),
    `${summary.replaceAll('},{', '},\n{')}\n`,
  );
}
