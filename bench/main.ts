/** `npm run bench`: compares with what others offer; `--help` shows the usage. */
import path from 'node:path';
import { type CommandUsage, UsageError } from '../src/commands/command-line.js';
import { runCommand } from '../src/commands/run-command.js';
import { projectRoot } from '../tools/project-root.js';

const USAGE = {
  command: 'npm run bench',
  synopsis: 'locks|cache|service [--quick] [--out FOLDER]',
  does: `Measures the lock, the cache or the whole service beside others, on servers of its own, and
writes docs/benchmarks.`,
  takesWords: true,
  options: {
    quick: { type: 'boolean', says: 'a first look in a minute; writes only to --out' },
    out: { type: 'string', value: 'FOLDER', says: 'where the figures are written' },
  },
  examples: ['locks --quick', 'cache'],
} as const satisfies CommandUsage;

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
  service: async (command, quick) => {
    const { benchService, CONTESTANTS, printReport, writeReport } = await import(
      './service/bench-service.js'
    );
    const { FULL_PLAN, QUICK_PLAN } = await import('./service/plan.js');
    const plan = quick ? QUICK_PLAN : FULL_PLAN;
    const report = await benchService(command, plan, CONTESTANTS, tell);
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

await runCommand(USAGE, async ({ words, values }) => {
  const name = words.join();
  const benchmark = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name] : undefined;
  if (!benchmark) throw new UsageError(`name one of ${Object.keys(BENCHMARKS).join(', ')}`);
  const command = `npm run bench -- ${name}${values.quick ? ' --quick' : ''}`;
  const write = await benchmark(command, values.quick);
  // A quick look is too short to replace the figures that the documentation shows.
  const documented = values.quick ? undefined : path.join(projectRoot, 'docs', 'benchmarks');
  const folder = values.out ?? documented;
  if (folder) write(folder);
});
