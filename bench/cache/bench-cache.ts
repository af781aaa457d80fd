import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../tools/project-root.js';
import { askRedis } from '../../tools/servers/redis/ask-redis.js';
import { startRedis } from '../../tools/servers/redis/start-redis.js';
import { describeMachine, loadNow } from '../machine.js';
import { plainTable } from '../table.js';
import { judge } from './bars/judge.js';
import type { Contestant } from './contestant.js';
import { CONTESTANTS } from './contestants.js';
import type { Plan } from './plan.js';
import { barTable, type CacheReport, figureTable } from './report.js';
import { markdownReport } from './report-markdown.js';
import { svgReport } from './report-plot.js';
import { runCache } from './run-cache.js';

/** Compares the caches on a Redis of its own. */
export async function benchCache(
  command: string,
  plan: Plan,
  contestants: readonly Contestant[] = CONTESTANTS,
  progress: (line: string) => void = () => undefined,
): Promise<CacheReport> {
  const since = performance.now();
  const loadBefore = loadNow();
  const settings = { appendonly: 'no', save: '' };
  await using redis = await startRedis({ ways: ['docker', 'binary'], settings });
  const outcomes = await runCache(redis.url, contestants, plan, progress);
  return {
    ...{ command, plan, outcomes, bars: judge(outcomes) },
    date: new Date().toISOString().slice(0, 10),
    seconds: Math.round((performance.now() - since) / 1000),
    machine: describeMachine(String(await askRedis(redis.url, ['INFO', 'server'])), loadBefore),
    versions: versionsOf(contestants),
  };
}

export function printReport(report: CacheReport): void {
  console.log([figureTable(report), barTable(report)].map(plainTable).join('\n\n'));
}

/** The page, the data and the picture, side by side. */
export function writeReport(report: CacheReport, folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'cache.md'), markdownReport(report));
  writeFileSync(path.join(folder, 'cache.json'), `${JSON.stringify(report, shortened, 2)}\n`);
  writeFileSync(path.join(folder, 'cache.svg'), svgReport(report));
}

/** Nobody needs more than five digits of a measured figure. */
function shortened(_name: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(5)) : value;
}

function versionsOf(contestants: readonly Contestant[]): Record<string, string> {
  const names = contestants.flatMap(({ packageName }) => packageName ?? []);
  return Object.fromEntries([...names, 'ioredis', 'redis'].map((name) => [name, versionOf(name)]));
}

function versionOf(name: string): string {
  const file = path.join(projectRoot, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
