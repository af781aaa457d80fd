import { passedCount, settingsTable, thresholdTable } from '../../comparison.js';
import { markdownTable } from '../../table.js';
import { CONTESTANTS } from '../contestants.js';
import { WARM_UP_WRITES } from '../figures/latency.js';
import type { Plan } from '../plan.js';
import { type CacheReport, figureTable } from './report.js';

/** Renders the page `docs/benchmarks/cache.md`. */
export function markdownReport(report: CacheReport): string {
  const { command, date, machine, seconds, plan } = report;
  return `# Caches

\`${command}\` wrote this page, the picture and all figures (cache.json, not in git) on ${date}, in
${seconds} s on ${machine.cores} cores (${machine.cpu}, ${machine.system}), Node ${machine.node},
Redis ${machine.redis}. Load average ${machine.loadBefore} before, ${machine.loadAfter} after.

![Hits, invalidation latency and replaced values that stayed, of every contestant](cache.svg)

## Thresholds

In this run: ${passedCount(report.thresholds)}.

${markdownTable(thresholdTable(report))}

## Figures

Each figure is the median of ${plan.rounds} rounds, and each of "write seen" the median of ${plan.rounds * plan.turns} turns. The last four columns count tries, out of ${plan.tries} each: after such a try a
reader still answered the replaced value ${plan.staleAfterMs / 1_000} s after the write. Only the TTL of 60 s would have removed it.

${markdownTable(figureTable(report))}

## Contestants

${markdownTable(settingsTable(report, CONTESTANTS))}

${methodOf(plan)}`;
}

const methodOf = ({
  turns,
  writes,
}: Plan) => `Every contestant has a TTL of 60 s and room for all entries, and connects to the same Redis. It reads
by the call that its package recommends for a missing value. If the package has no such call, it reads the cache,
then the source, and stores the value (cache-aside). A write changes the source and then deletes the key by the
package's own call. A write of Lockstep begins a write intent, changes the source, and ends the intent.

## How it is measured

- The run starts its own redis-server on the loopback address, without persistence. Each figure of
  each contestant is measured in processes of its own. In a round all contestants run each figure one after the
  other, and the next figure in reverse order. When a measurement of a peer fails, it is repeated once; Lockstep's is
  not.
- **L1 hits**: 1,000 keys in the process, awaited one by one, compared with an awaited \`get\` of
  lru-cache. **L2 hits**: 64 readers with 16 keys each, answered by Redis, compared with
  \`client.get\` of node-redis on a connection of the same kind as Lockstep's. The L1 is off. In
  cacheable and the client-side cache it cannot be off, so it has room for one entry. The contestant
  and what it is compared with run alternately for short times in one process. The ratio is the median
  of these pairs, and then of the rounds.
- **write seen**: one process writes, another one reads without a pause. The time runs from just
  before the write to the first answer with the new value in the other process. The source is a plain
  key in the same Redis, so it costs each write and each load one round trip. All contestants do this in turn, ${turns} times a
  round, with ${writes} writes each. ${WARM_UP_WRITES} writes before them are not counted, since both processes compile their
  code then. A threshold compares each turn with the same turn of a peer. A value that was never
  seen counts as an infinite time.
- **loads in stampede**: two instances with 500 readers each, one key that no cache has, and a load
  that takes 50 ms.
- In the last four columns a proxy stands between the reader and Redis: one for its commands and one
  for its bus, which carries invalidations. **slow loader**: the reader has loaded the old value. The other instance
  writes and invalidates it. Then the load of the reader ends. **read in flight**: Redis has answered the reader with
  the old value. The proxy holds this answer back until the write and its invalidation are over. **cut
  bus**: the bus connection of the reader is closed and cannot be opened again during a write; after
  the write it can. **half-open bus**: the bus connection stays open, but the reader gets nothing that is
  sent on it, and no side gets an error. A dash: the contestant has no such level.
`;
