import { barCount, barTable, settingsTable } from '../../comparison.js';
import { markdownTable } from '../../table.js';
import { CONTESTANTS } from '../contestants.js';
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

In this run: ${barCount(report.bars)}.

${markdownTable(barTable(report))}

## Figures

Medians of ${plan.rounds} rounds. The last four columns count, of ${plan.tries} tries each, those after which a reader
still answered a replaced value ${plan.staleAfterMs / 1_000} s after the write; nothing but the TTL of 60 s would have ended that.

${markdownTable(figureTable(report))}

## Contestants

${markdownTable(settingsTable(report, CONTESTANTS))}

${METHOD}`;
}

const METHOD = `Every contestant gets a TTL of 60 s and room for all entries, connects to the same Redis, and reads
through what its package recommends for a missing value (cache-aside where it has nothing). A write
changes the database and then deletes the key by the package's own call; Lockstep's write begins a
write intent, changes the database, and ends the intent.

## How it is measured

- One redis-server of the run's own on the loopback address, without persistence. Each figure of
  each contestant is taken in processes of their own that end with it. In a round all play one after
  the other, in the opposite order every other time.
- **L1 hits**: 1,000 keys in the process, awaited one by one. **L2 hits**: 64 readers with 16 keys
  each, answered by Redis, with the L1 off or (cacheable, client-side cache) of one entry. Both in
  short slices by turns with what they are compared to, in the same process: an awaited \`get\` of
  lru-cache, and \`client.get\` of node-redis on a connection of the same kind as Lockstep's. The
  ratio is the median of neighbouring slices, and then of the rounds.
- **write seen**: one process writes, another reads without rest; from right before the write call to
  the moment a read there has answered the new value. The source is a plain key of the same Redis, so
  that it costs every writer one round trip and every loader one. What was never seen counts as
  endless.
- **loads in stampede**: two instances, 500 readers each, one key that no cache has, a load of 50 ms.
- The reader in the last four columns is connected through small proxies, one for its commands and
  one for its bus. **slow loader**: it has loaded the old value, which is written and invalidated by
  the other instance, and only then does its load end. **read in flight**: Redis has answered it the
  old value, which is held back on its way while the write and its invalidation pass. **cut bus**: its
  bus connection is ended and cannot come back during a write, and then can. **half-open bus**: what
  its bus connection is sent is lost, and nobody notices. A dash: it has no such level.
`;
