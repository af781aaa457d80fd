import { type Ratio, ratioOf, showRatio } from '../../ratio.js';
import { figure, markdownTable } from '../../table.js';
import type { LoadResult } from '../load/measure-load.js';
import type { Mode } from '../load/scenario.js';
import type { CacheReport } from '../report.js';

interface Limit {
  readonly what: string;
  readonly scenario: string;
  readonly mode: Mode;
}

/** Cases in which little gain is expected. They are chosen before the run, and the run confirms them or not. */
const LIMITS: readonly Limit[] = [
  {
    what: 'every key is read once: each read also stores a value that nobody reads again',
    ...{ scenario: 'product-once', mode: 'on' },
  },
  {
    what: 'all keys are equally frequent, and L1 has room for only one of them: each read asks Redis, which is as near as the database',
    ...{ scenario: 'product-uniform', mode: 'shared' },
  },
  {
    what: 'a fifth of the requests are writes: each write needs the lock, the cache and the database',
    ...{ scenario: 'writes-20', mode: 'on' },
  },
  {
    what: 'a read that is never cached, in a service with a cache',
    ...{ scenario: 'stock', mode: 'on' },
  },
];

/** Renders the cases in which a cache costs more than it gains, with the figures of this run. */
export function limitsSection({ loads }: CacheReport): string {
  const find = (scenario: string, mode: Mode) =>
    loads.find((load) => load.scenario === scenario && load.mode === mode);
  const rows = LIMITS.map(({ what, scenario, mode }) => {
    const [off, on] = [find(scenario, 'off'), find(scenario, mode)];
    const ratio = ratioOf(on?.rates ?? [], off?.rates ?? []);
    const hits = on ? on.l1Share + on.l2Share : Number.NaN;
    return [what, hits, rateOf(off), rateOf(on), ratio] as const;
  });
  const unhelped = rows.filter(([, , , , ratio]) => verdictOn(ratio) !== 'helps').length;
  const floor = rateOf(find('nothing', 'on'));
  const best = rateOf(find('product-zipf', 'on'));
  const uncached = rateOf(find('product-zipf', 'off'));
  return `## Where little or nothing is gained

${markdownTable({
  columns: ['', 'hits', 'req/s off', 'req/s with', 'times', 'the cache'],
  rows: rows.map(([what, hits, before, after, ratio]) => [
    ...[what, Number.isNaN(hits) ? '–' : `${(hits * 100).toFixed(0)}%`],
    ...[figure(before), figure(after), showRatio(ratio), verdictOn(ratio)],
  ]),
})}

In ${unhelped} of these ${rows.length} cases the cache did not help in all repetitions of this run.

Every request also has a cost that no cache removes. On this machine a route that does nothing is answered
${figure(floor)} times a second, a hit ${figure(best)} times (${figure((best / floor) * 100)}% of that), and a product by its key from a
database on the same machine ${figure(uncached)} times (${figure((uncached / floor) * 100)}%). So the gain of a cache has a limit. It is
greater when the database is farther away, or when the query costs more.`;
}

/** Returns a verdict only when all rounds agree on it. */
function verdictOn({ least, greatest }: Ratio): 'helps' | 'costs' | 'no clear difference' {
  if (least > 1) return 'helps';
  return greatest < 1 ? 'costs' : 'no clear difference';
}

function rateOf(load: LoadResult | undefined): number {
  return load?.requestsPerSecond ?? Number.NaN;
}
