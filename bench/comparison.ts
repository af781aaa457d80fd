import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../tools/project-root.js';
import type { Machine } from './machine.js';
import type { Table } from './table.js';
import type { Threshold } from './threshold.js';

/** What every comparison with others says of itself. */
export interface Comparison {
  readonly command: string;
  readonly date: string;
  readonly seconds: number;
  readonly machine: Machine;
  /** By package name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly bars: readonly Threshold[];
}

/** Whom a comparison is with. */
export interface Compared {
  readonly id: string;
  readonly packageName?: string;
  readonly settings: string;
}

/** How many bars were passed; that none could be checked is no success. */
export function barCount(bars: readonly Pick<Threshold, 'passed'>[]): string {
  if (bars.length === 0) return 'no bar checked, since what they need was not measured';
  return `${bars.filter(({ passed }) => passed).length} of ${bars.length} bars passed`;
}

export function barTable({ bars }: Comparison): Table {
  return {
    title: 'bars',
    columns: ['bar', 'contestant', 'scenario', 'measured', ''],
    rows: bars.map(({ promise, contestant, scenario, measured, passed }) => [
      ...[promise, contestant, scenario, measured],
      passed ? 'pass' : 'FAIL',
    ]),
  };
}

export function settingsTable({ versions }: Comparison, contestants: readonly Compared[]): Table {
  return {
    title: 'contestants',
    columns: ['contestant', 'version', 'settings'],
    rows: contestants.map(({ id, packageName, settings }) => [
      id,
      (packageName && versions[packageName]) ?? '–',
      settings,
    ]),
  };
}

/** The versions of the contestants' packages, and of the clients they connect with. */
export function versionsOf(contestants: readonly Compared[]): Record<string, string> {
  const names = contestants.flatMap(({ packageName }) => packageName ?? []);
  return Object.fromEntries([...names, 'ioredis', 'redis'].map((name) => [name, versionOf(name)]));
}

/** The page, the data and the picture, side by side. */
export function writeComparison(
  folder: string,
  name: string,
  comparison: Comparison,
  shown: { readonly page: string; readonly picture: string },
): void {
  mkdirSync(folder, { recursive: true });
  const file = (ending: string) => path.join(folder, `${name}.${ending}`);
  writeFileSync(file('md'), shown.page);
  writeFileSync(file('json'), `${JSON.stringify(comparison, shortened, 2)}\n`);
  writeFileSync(file('svg'), shown.picture);
}

/** For JSON.stringify: nobody needs more than five digits of a measured figure. */
export function shortened(_name: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(5)) : value;
}

function versionOf(name: string): string {
  const file = path.join(projectRoot, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
