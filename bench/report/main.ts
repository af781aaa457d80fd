/** `npm run report`: measures the service without and with its cache. */
import path from 'node:path';
import { type CommandUsage, UsageError } from '../../src/commands/command-line.js';
import { runCommand } from '../../src/commands/run-command.js';
import { projectRoot } from '../../tools/project-root.js';
import { fullPlan, quickPlan } from './plan.js';

const USAGE = {
  command: 'npm run report',
  synopsis: '[--quick] [--max LINES] [--out FOLDER]',
  does: `Measures what each read costs, with its EXPLAIN, and what the cache gains, and writes docs/report.
It starts its own database and Redis.`,
  options: {
    quick: { type: 'boolean', says: 'a short run of one minute; writes only to --out' },
    max: {
      type: 'string',
      value: 'LINES',
      says: 'order lines of the largest database (default: 1000000, quick 10000)',
    },
    out: { type: 'string', value: 'FOLDER', says: 'writes the report to FOLDER' },
  },
  examples: ['', '--quick --out report'],
} as const satisfies CommandUsage;

await runCommand(USAGE, async ({ values }) => {
  // Loaded here, so that --help answers at once.
  const { writeReport } = await import('./page/write-report.js');
  const { runReport } = await import('./run-report.js');
  const max = values.max === undefined ? undefined : Number(values.max);
  if (max !== undefined && !(Number.isInteger(max) && max >= 1_000 && max <= 10_000_000)) {
    throw new UsageError('--max: a whole number of order lines from 1000 to 10000000');
  }
  const asked = `${values.quick ? ' --quick' : ''}${max ? ` --max ${max}` : ''}`;
  const command = `npm run report${asked && ` --${asked}`}`;
  const locksFile = path.join(projectRoot, 'docs', 'benchmarks', 'locks-summary.json');
  const started = performance.now();
  const report = await runReport(
    command,
    values.quick ? quickPlan(max) : fullPlan(max),
    locksFile,
    (line) => console.error(`${((performance.now() - started) / 1000).toFixed(0)} s  ${line}`),
  );
  // A quick run is too short to replace the figures in the documentation.
  const documented = values.quick ? undefined : path.join(projectRoot, 'docs', 'report');
  const folder = values.out ?? documented;
  if (folder) writeReport(report, folder);
  console.log(
    folder
      ? `wrote ${path.join(folder, 'README.md')}`
      : 'nothing written: a quick run writes only to --out',
  );
});
