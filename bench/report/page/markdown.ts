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
Redis share the cores. So compare figures only within one table, not with those of another machine.

The largest database has ${count(dataset.lines)} order lines in ${count(dataset.orders)} paid orders of ${count(dataset.users)} customers over
two weeks. It has ${count(dataset.products)} products, and some are sold far more often than others.`;
}

function method({ plan, idleQuestionsPerSecond }: CacheReport): string {
  return `## How it is measured

- Reads: each query of the service runs once, and the statements that it sends are recorded. Each
  statement then runs again alone. **rows** comes from \`Handler_read%\` of the database server, with the
  rows of temporary tables. **ms** is the median of its repetitions on one idle connection over
  loopback.
- Loads: \`autocannon\` keeps ${plan.connections} requests under way. Each mode has ${plan.repetitions} repetitions of ${plan.measureMs} ms, and the
  modes run in turn. Each figure is the median. In the same repetition all modes get the same
  requests. Each instance is a process with default settings, except for the setting that makes the mode:
  \`CACHE_MODE=off\`, \`CACHE_L1_MAX_ENTRIES=1\` for Redis only, none for both levels.
- **queries** is the growth of MySQL's \`Questions\`, divided by the requests. It includes what all instances send without
  requests, ${idleQuestionsPerSecond.toFixed(0)} a second (likes, rankings, the reading of the counters). **L1**, **L2**: shares of the cached
  reads, from \`/metrics\`.
- Writes: one process runs the unit of work that changes one product, in turn with and without a write
  intent.`;
}
