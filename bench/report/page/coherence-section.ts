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
    return `${showRatio(ratio)} times as many with ${atOnce} at once`;
  });
  return `## What the coherence costs

The same write changes the price of a product, with and without a write intent. The write intent keeps the
product out of every cache until the commit, and stores the new value after it. Both writes lock in Redis and commit in
the database.

${markdownTable({ columns: ['at once', '', 'writes/s', 'p50 ms', 'p99 ms'], rows })}

Writes a second with a write intent, compared with those without: ${ratios.join(', and ')}. Each is
the median of the rounds, with the least and the greatest round. The write intent is set while the transaction runs. What
is added to the time of a write is the script that ends it. An instance without the cache (\`CACHE_MODE=off\`) also sets
write intents, because other instances may cache what it changes. [The cache benchmark](../benchmarks/cache.md) compares
with other packages, which do not give this guarantee. [Decision 8](../decisions/0008-a-cache-that-cannot-stay-stale.md) has
the rules.`;
}
