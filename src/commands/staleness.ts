import { StalenessSummary } from '../application/staleness/staleness-summary.js';
import { StalenessWatch, type WatchEvidence } from '../application/staleness/staleness-watch.js';
import { readSettings } from '../config/settings/settings.js';
import { type CommandLine, type CommandUsage, UsageError } from './command-line.js';
import { listProducts, versionReader } from './product-versions.js';
import { CommandError, runCommand } from './run-command.js';

/** Pause between two reads, in milliseconds, so that the command adds little load. */
const PAUSE_MS = 10;

/** How long a product is read again after the instances have differed, in milliseconds. */
const CHASE_MS = 5_000;

const USAGE = {
  command: 'npm run staleness',
  synopsis: '--urls A,B [--seconds N] [--bound MS]',
  does: `Reads products through running instances while clients write, compares the answers, and prints
how stale they were. Ends with 1 when an answer was staler than the bound. Ends with 1 also when no
product changed or only one instance answered, because this proves nothing.`,
  options: {
    urls: { type: 'string', value: 'A,B', says: 'the addresses of at least two instances' },
    seconds: { type: 'string', value: 'N', default: '10', says: 'how long to read' },
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
  if (products.length === 0) throw new CommandError('there are no products to read');
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
  if (!(seconds > 0)) throw new UsageError('--seconds N: how long to read');
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

/** @throws CommandError no answer could have been found stale */
function expectEvidence({ comparisons, changes }: WatchEvidence): void {
  if (comparisons === 0) {
    throw new CommandError('no evidence: no product was read through two instances');
  }
  if (changes === 0) throw new CommandError('no evidence: no product changed meanwhile');
}
