import { parseArgs } from 'node:util';
import { StalenessSummary } from '../application/staleness/staleness-summary.js';
import { StalenessWatch } from '../application/staleness/staleness-watch.js';
import { readSettings } from '../config/settings.js';
import { listProducts, versionReader } from './product-versions.js';
import { CommandError, runCommand } from './run-command.js';

/** Between two looks, so that watching is no load to speak of, in milliseconds. */
const PAUSE_MS = 10;

/** How long a product on which the instances differed is looked at again and again. */
const CHASE_MS = 5_000;

/**
 * `npm run staleness -- --urls A,B --seconds N [--bound MS]` compares what instances answer while
 * others write, and ends with 1 when an answer was staler than the bound.
 */
await runCommand(async () => {
  const { urls, seconds, boundMs } = options();
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
});

function options() {
  const { values } = parseArgs({
    options: {
      urls: { type: 'string' },
      seconds: { type: 'string', default: '10' },
      bound: { type: 'string' },
    },
  });
  const urls = (values.urls ?? '').split(',').filter((url) => URL.canParse(url));
  if (urls.length < 2)
    throw new CommandError('--urls A,B: the addresses of at least two instances');
  const seconds = Number(values.seconds);
  if (!(seconds > 0)) throw new CommandError('--seconds N: how long to look');
  const boundMs = Number(values.bound ?? readSettings(process.env).CACHE_MAX_STALENESS_MS);
  if (!(boundMs > 0)) throw new CommandError('--bound MS: how stale an answer may be');
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
