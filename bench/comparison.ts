import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../tools/project-root.js';
import type { Machine } from './machine.js';
import type { Table } from './table.js';
import type { Threshold } from './threshold.js';

/** A finished comparison with other packages: how it was run, and which thresholds it passed. */
export interface Comparison {
  readonly command: string;
  readonly date: string;
  readonly seconds: number;
  readonly machine: Machine;
  /** Package name to installed version. */
  readonly versions: Readonly<Record<string, string>>;
  readonly thresholds: readonly Threshold[];
}

/** One contestant of a comparison, as the table of contestants shows it. */
export interface Compared {
  readonly id: string;
  readonly packageName?: string;
  readonly settings: string;
}

/** Says how many thresholds were passed. An empty list does not count as success. */
export function passedCount(thresholds: readonly Pick<Threshold, 'passed'>[]): string {
  if (thresholds.length === 0)
    return 'no threshold was checked, because nothing was measured for it';
  return `${thresholds.filter(({ passed }) => passed).length} of ${thresholds.length} thresholds passed`;
}

export function thresholdTable({ thresholds }: Comparison): Table {
  return {
    title: 'thresholds',
    columns: ['threshold', 'contestant', 'scenario', 'measured', ''],
    rows: thresholds.map(({ promise, contestant, scenario, measured, passed }) => [
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

/** The installed versions of the contestants' packages and of both Redis clients, by package name. */
export function versionsOf(contestants: readonly Compared[]): Record<string, string> {
  const names = contestants.flatMap(({ packageName }) => packageName ?? []);
  return Object.fromEntries(
    [...names, 'ioredis', '@redis/client'].map((name) => [name, versionOf(name)]),
  );
}

/** Writes the page (`.md`), the figures (`.json`) and the picture (`.svg`) to `folder`. */
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

/** A replacer for JSON.stringify that keeps five significant digits of each number. */
export function shortened(_name: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(5)) : value;
}

function versionOf(name: string): string {
  const file = path.join(projectRoot, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
