/** `npm run bench -- locks|cache [--quick] [--out <folder>]`: compares with what others offer. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../tools/project-root.js';

const USAGE = 'usage: npm run bench -- locks|cache [--quick] [--out <folder>]';

/** Each runs and prints one comparison, and answers how to write it to a folder. */
const BENCHMARKS: Record<string, (command: string, quick: boolean) => Promise<Write>> = {
  locks: async (command, quick) => {
    const { benchLocks, printReport, writeReport } = await import('./locks/bench-locks.js');
    const { CONTESTANTS } = await import('./locks/contestants.js');
    const { FULL_PLAN, QUICK_PLAN } = await import('./locks/plan.js');
    const report = await benchLocks(command, quick ? QUICK_PLAN : FULL_PLAN, CONTESTANTS, tell);
    printReport(report);
    return (folder) => writeReport(report, folder);
  },
  cache: async (command, quick) => {
    const { benchCache, printReport, writeReport } = await import('./cache/bench-cache.js');
    const { CONTESTANTS } = await import('./cache/contestants.js');
    const { FULL_PLAN, QUICK_PLAN } = await import('./cache/plan.js');
    const report = await benchCache(command, quick ? QUICK_PLAN : FULL_PLAN, CONTESTANTS, tell);
    printReport(report);
    return (folder) => writeReport(report, folder);
  },
};

type Write = (folder: string) => void;

function tell(line: string): void {
  console.error(line);
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, out: { type: 'string' } },
});
const name = positionals.join();
const benchmark = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name] : undefined;
if (!benchmark) {
  console.error(USAGE);
  process.exit(2);
}
const command = `npm run bench -- ${name}${values.quick ? ' --quick' : ''}`;
const write = await benchmark(command, values.quick);
// A quick look is too short to replace the figures that the documentation shows.
const documented = values.quick ? undefined : path.join(projectRoot, 'docs', 'benchmarks');
const folder = values.out ?? documented;
if (folder) write(folder);
