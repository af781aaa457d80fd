import { ratioOf, showRatio } from '../../ratio.js';
import { figure, markdownTable } from '../../table.js';
import type { CacheReport } from '../report.js';

/** Renders what a write costs with a write intent, which keeps replaced values out of the caches. */
export function coherenceSection({ writes }: CacheReport): string {
  const rows = writes.map(({ way, atOnce, writesPerSecond, p50, p99 }) => [
    ...[String(atOnce), way, figure(writesPerSecond), figure(p50), figure(p99)],
  ]);
  const ratios = [...new Set(writes.map(({ atOnce }) => atOnce))].map((atOnce) => {
    const rates = (way: string) =>
      writes.find((cost) => cost.atOnce === atOnce && cost.way === way)?.rates ?? [];
    const ratio = ratioOf(rates('with a write intent'), rates('without a write intent'));
    return `${showRatio(ratio)} times the writes a second with ${atOnce} at once`;
  });
  return `## What the coherence costs

The same write of a product's price, with the write intent that keeps it out of every cache before the
commit and leaves the new value after it, and without. Both lock in Redis and commit in the database.

${markdownTable({ columns: ['at once', '', 'writes/s', 'p50 ms', 'p99 ms'], rows })}

With a write intent it is ${ratios.join(', and ')}: the median of the rounds,
and the extremes. It runs beside the transaction; what is added is the script that ends it. An instance without the cache (\`CACHE_MODE=off\`) pays it as well:
others may keep what it changes. Against peers, which keep no such promise, see
[docs/benchmarks](../benchmarks); for the rules, [decision 8](../decisions/0008-a-cache-that-cannot-stay-stale.md).`;
}
