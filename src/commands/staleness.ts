import { StalenessSummary } from '../application/staleness/staleness-summary.js';
import { StalenessWatch, type WatchEvidence } from '../application/staleness/staleness-watch.js';
import { readSettings } from '../config/settings/settings.js';
import { type CommandLine, type CommandUsage, UsageError } from './command-line.js';
import { listProducts, versionReader } from './product-versions.js';
import { CommandError, runCommand } from './run-command.js';

/** Between two looks, so that watching is no load to speak of, in milliseconds. */
const PAUSE_MS = 10;

/** How long a product on which the instances differed is looked at again and again. */
const CHASE_MS = 5_000;

const USAGE = {
  command: 'npm run staleness',
  synopsis: '--urls A,B [--seconds N] [--bound MS]',
  does: `Reads products through running instances while others write, compares the answers, and says
how stale they were. Ends with 1 when one was staler than the bound, and when no product changed or
only one instance answered, since nothing is shown by that.`,
  options: {
    urls: { type: 'string', value: 'A,B', says: 'the addresses of at least two instances' },
    seconds: { type: 'string', value: 'N', default: '10', says: 'how long to look' },
    bound: {
      type: 'string',
      value: 'MS',
      says: 'how stale an answer may be, in milliseconds (default: CACHE_MAX_STALENESS_MS)',
    },
  },
  examples: ['--urls http://127.0.0.1:3001,http://127.0.0.1:3002 --seconds 30'],
} as const satisfies CommandUsage;

await runCommand(USAGE, async ({ values }) => {
  const { urls, seconds, boundMs } = readOptions(values);
  const summary = new StalenessSummary(boundMs);
  const now = () => performance.now();
  const watch = new StalenessWatch(urls.map(versionReader), summary, now);
  const products = await listProducts(urls[0] as string);
  if (products.length === 0) throw new CommandError('there are no products to look at');
  const endMs = now() + seconds * 1_000;
  while (now() < endMs) {
    const product = products[Math.floor(Math.random() * products.length)] as string;
    const chasedMs = Math.min(endMs, now() + CHASE_MS);
    while (!(await watch.look(product)) && now() < chasedMs) await pause();
    await pause();
  }
  print(summary);
  expectEvidence(watch.evidence);
});

function readOptions(values: CommandLine<typeof USAGE.options>['values']) {
  const urls = (values.urls ?? '').split(',').filter((url) => URL.canParse(url));
  if (urls.length < 2) throw new UsageError('--urls A,B: the addresses of at least two instances');
  const seconds = Number(values.seconds);
  if (!(seconds > 0)) throw new UsageError('--seconds N: how long to look');
  const boundMs = Number(values.bound ?? readSettings(process.env).CACHE_MAX_STALENESS_MS);
  if (!(boundMs > 0)) throw new UsageError('--bound MS: how stale an answer may be');
  return { urls, seconds, boundMs };
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}

function print({ figures, boundMs }: StalenessSummary): void {
  const { answers, stale, p99Ms, worstMs, beyondBound } = figures;
  console.log(`${answers} answers, ${stale} of them stale`);
  console.log(`staleness p99 ${p99Ms.toFixed(1)} ms, worst ${worstMs.toFixed(1)} ms`);
  console.log(`${beyondBound} beyond the bound of ${boundMs} ms`);
  if (answers === 0) throw new CommandError('no instance answered');
  if (beyondBound > 0) process.exitCode = 1;
}

/** @throws CommandError nothing that was read could have been stale */
function expectEvidence({ comparisons, changes }: WatchEvidence): void {
  if (comparisons === 0) {
    throw new CommandError('no evidence: no product was read through two instances');
  }
  if (changes === 0) throw new CommandError('no evidence: no product changed meanwhile');
}
