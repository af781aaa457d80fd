import type { CacheReport } from '../report.js';
import { coherenceSection } from './coherence-section.js';
import { limitsSection } from './limits-section.js';
import { loadSection } from './load-section.js';
import { lockSection } from './lock-section.js';
import { readsSection, statementsSection } from './reads-section.js';

/** Renders the page `docs/report/README.md`. */
export function markdownReport(report: CacheReport): string {
  return `${[
    head(report),
    readsSection(report),
    loadSection(report),
    limitsSection(report),
    coherenceSection(report),
    lockSection(report),
    method(report),
    statementsSection(report),
  ].join('\n\n')}\n`;
}

function head({ command, date, seconds, machine, database, dataset }: CacheReport): string {
  const count = (value: number) => value.toLocaleString('en-US');
  return `# The cache, before and after

\`${command}\` wrote this page, its pictures and all figures (report.json, not in git) on ${date}, in ${seconds} s
on ${machine.cores} cores (${machine.cpu}, ${machine.system}), Node ${machine.node}, ${database},
Redis ${machine.redis}. Load average ${machine.loadBefore} before, ${machine.loadAfter} after. Clients, service, database and
Redis share the cores, so compare figures of one table with each other, not with another machine's.

The largest database has ${count(dataset.lines)} order lines in ${count(dataset.orders)} paid orders of ${count(dataset.users)} customers over
two weeks, and ${count(dataset.products)} products, some sold far more often than others.`;
}

function method({ plan, idleQuestionsPerSecond }: CacheReport): string {
  return `## How it is measured

- Reads: the service's own queries are run once, and the statements they send are noted. Each is
  then run again alone: **rows** by the server's \`Handler_read%\` (those of temporary tables too),
  **ms** as the median of its repetitions on one idle connection, loopback included.
- Loads: \`autocannon\` keeps ${plan.connections} requests under way; ${plan.repetitions} repetitions of ${plan.measureMs} ms for each mode, by
  turns, each figure the median. All modes are asked the same in the same repetition. Each instance
  is a process with default settings but for the one that makes the mode: \`CACHE_MODE=off\`,
  \`CACHE_L1_MAX_ENTRIES=1\` for Redis only, nothing for both levels.
- **queries** are MySQL's \`Questions\` a request, as all instances ask them: ${idleQuestionsPerSecond.toFixed(0)} a second while nobody
  asks anything (likes, rankings, the counters themselves). **L1**, **L2**: shares of the cached reads by \`/metrics\`.
- Writes: one process, the product's unit of work on one row by its key, with and without its
  evictions, by turns.`;
}
