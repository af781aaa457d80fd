/** `npm run bench -- locks [--quick] [--out <folder>]`: compares with what others offer. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../tools/project-root.js';
import { benchLocks, printReport, writeReport } from './locks/bench-locks.js';
import { CONTESTANTS } from './locks/contestants.js';
import { FULL_PLAN, QUICK_PLAN } from './locks/plan.js';

const USAGE = 'usage: npm run bench -- locks [--quick] [--out <folder>]';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, out: { type: 'string' } },
});
if (positionals.join() !== 'locks') {
  console.error(USAGE);
  process.exit(2);
}
const command = `npm run bench -- locks${values.quick ? ' --quick' : ''}`;
const plan = values.quick ? QUICK_PLAN : FULL_PLAN;
const report = await benchLocks(command, plan, CONTESTANTS, (line) => console.error(line));
printReport(report);
// A quick look is too short to replace the figures that the documentation shows.
const documented = values.quick ? undefined : path.join(projectRoot, 'docs', 'benchmarks');
const folder = values.out ?? documented;
if (folder) writeReport(report, folder);
