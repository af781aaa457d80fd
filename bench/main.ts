/** `npm run bench`: compares Lockstep with other packages; `--help` shows the usage. */
import path from 'node:path';
import { type CommandUsage, UsageError } from '../src/commands/command-line.js';
import { runCommand } from '../src/commands/run-command.js';
import { projectRoot } from '../tools/project-root.js';

const USAGE = {
  command: 'npm run bench',
  synopsis: 'locks|cache|service|tracing|replicated [--quick] [--only NAME] [--out FOLDER]',
  does: `Measures the lock, the cache or the whole service, and compares it with other packages; or the
service with traces or on Galera, and compares it with itself without. It writes the figures to docs/benchmarks. It
starts its own servers.`,
  takesWords: true,
  options: {
    quick: { type: 'boolean', says: 'a short run of some minutes; writes only to --out' },
    only: {
      type: 'string',
      value: 'NAME',
      says: 'service: runs the scenarios whose names contain NAME; writes only to --out',
    },
    out: { type: 'string', value: 'FOLDER', says: 'writes the figures to FOLDER' },
  },
  examples: ['locks --quick', 'cache', "service --only '1 product, 200'"],
} as const satisfies CommandUsage;

/** Each function runs and prints one comparison, and returns a function that writes it to a folder. */
const BENCHMARKS: Record<string, (choice: Choice) => Promise<Write>> = {
  locks: async ({ command, quick }) => {
    const { benchLocks, printReport, writeReport } = await import('./locks/bench-locks.js');
    const { CONTESTANTS } = await import('./locks/contestants.js');
    const { FULL_PLAN, QUICK_PLAN } = await import('./locks/plan.js');
    const report = await benchLocks(command, quick ? QUICK_PLAN : FULL_PLAN, CONTESTANTS, tell);
    printReport(report);
    return (folder) => writeReport(report, folder);
  },
  service: async ({ command, quick, only }) => {
    const { benchService, printReport, writeReport } = await import('./service/bench-service.js');
    const { CONTESTANTS } = await import('./service/contestants.js');
    const { FULL_PLAN, planFor, QUICK_PLAN } = await import('./service/plan.js');
    const whole = quick ? QUICK_PLAN : FULL_PLAN;
    const plan = only === undefined ? whole : planFor(whole, only);
    const report = await benchService(command, plan, CONTESTANTS, tell);
    printReport(report);
    return (folder) => writeReport(report, folder);
  },
  tracing: async ({ command, quick }) => {
    const { benchTracing, variantsOf } = await import('./tracing/bench-tracing.js');
    const { tracingTable, writeTracing } = await import('./tracing/tracing-report.js');
    const { plainTable } = await import('./table.js');
    const plan = quick ? { rounds: 3, ms: 1_000 } : { rounds: 9, ms: 3_000 };
    const samples = await benchTracing({ ...plan, warmUpMs: 500 }, variantsOf, tell);
    console.log(plainTable(tracingTable(samples)));
    return (folder) => writeTracing(samples, command, folder);
  },
  replicated: async ({ command, quick }) => {
    const { benchReplicated } = await import('./replicated/bench-replicated.js');
    const { replicatedTable, writeReplicated } = await import('./replicated/replicated-report.js');
    const { plainTable } = await import('./table.js');
    const plan = quick ? { rounds: 3, ms: 1_000 } : { rounds: 9, ms: 3_000 };
    const samples = await benchReplicated({ ...plan, warmUpMs: 500 }, tell);
    console.log(plainTable(replicatedTable(samples)));
    return (folder) => writeReplicated(samples, command, folder);
  },
  cache: async ({ command, quick }) => {
    const { benchCache, printReport, writeReport } = await import('./cache/bench-cache.js');
    const { CONTESTANTS } = await import('./cache/contestants.js');
    const { FULL_PLAN, QUICK_PLAN } = await import('./cache/plan.js');
    const report = await benchCache(command, quick ? QUICK_PLAN : FULL_PLAN, CONTESTANTS, tell);
    printReport(report);
    return (folder) => writeReport(report, folder);
  },
};

interface Choice {
  /** The command as the user typed it. */
  readonly command: string;
  readonly quick: boolean;
  readonly only: string | undefined;
}

type Write = (folder: string) => void;

function tell(line: string): void {
  console.error(line);
}

await runCommand(USAGE, async ({ words, values }) => {
  const name = words.join();
  const benchmark = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name] : undefined;
  if (!benchmark) throw new UsageError(`name one of ${Object.keys(BENCHMARKS).join(', ')}`);
  const { quick, only } = values;
  if (only !== undefined && name !== 'service') throw new UsageError('--only is for service');
  const flags = `${quick ? ' --quick' : ''}${only === undefined ? '' : ` --only '${only}'`}`;
  const write = await benchmark({ command: `npm run bench -- ${name}${flags}`, quick, only });
  // A short or partial run must not replace the figures in the documentation.
  const isWhole = !quick && only === undefined;
  const documented = isWhole ? path.join(projectRoot, 'docs', 'benchmarks') : undefined;
  const folder = values.out ?? documented;
  if (folder) write(folder);
});
