import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CacheReport } from '../report.js';
import { growthPlot } from './growth-plot.js';
import { loadPlot } from './load-plot.js';
import { markdownReport } from './markdown.js';

/** Writes the page, its pictures and the raw figures to `folder`. */
export function writeReport(report: CacheReport, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const write = (file: string, text: string) => writeFileSync(path.join(folder, file), text);
  write('README.md', markdownReport(report));
  write('report.json', `${JSON.stringify(report, shortened, 2)}\n`);
  write('growth.svg', growthPlot(report));
  write('loads.svg', loadPlot(report));
}

/** A replacer for JSON.stringify that keeps five significant digits of each fraction. */
function shortened(_name: string, value: unknown): unknown {
  const isMeasured = typeof value === 'number' && !Number.isInteger(value);
  return isMeasured ? Number(value.toPrecision(5)) : value;
}
