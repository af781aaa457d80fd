/** `npm run report -- [--quick] [--max <order lines>] [--out <folder>]`: the cache, before and after. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../../tools/project-root.js';
import { writeReport } from './page/write-report.js';
import { fullPlan, quickPlan } from './plan.js';
import { runReport } from './run-report.js';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    max: { type: 'string' },
    out: { type: 'string' },
  },
});
const max = values.max === undefined ? undefined : Number(values.max);
if (max !== undefined && !(Number.isInteger(max) && max >= 1_000 && max <= 10_000_000)) {
  console.error('--max: a whole number of order lines from 1000 to 10000000');
  process.exit(2);
}
const asked = `${values.quick ? ' --quick' : ''}${max ? ` --max ${max}` : ''}`;
const command = `npm run report${asked && ` --${asked}`}`;
const locksFile = path.join(projectRoot, 'docs', 'benchmarks', 'locks.json');
const started = performance.now();
const report = await runReport(
  command,
  values.quick ? quickPlan(max) : fullPlan(max),
  locksFile,
  (line) => console.error(`${((performance.now() - started) / 1000).toFixed(0)} s  ${line}`),
);
// A quick look is too short to replace the figures that the documentation shows.
const documented = values.quick ? undefined : path.join(projectRoot, 'docs', 'report');
const folder = values.out ?? documented;
if (folder) writeReport(report, folder);
console.log(
  folder ? `wrote ${path.join(folder, 'README.md')}` : 'a quick look writes only to --out',
);
