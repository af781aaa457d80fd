import { passedCount, settingsTable, thresholdTable } from '../../comparison.js';
import { markdownTable } from '../../table.js';
import { CONTESTANTS } from '../contestants.js';
import { type LockReport, scenarioTables } from './report.js';

/** Renders the page `docs/benchmarks/locks.md`. */
export function markdownReport(report: LockReport): string {
  const { command, date, machine, seconds, omitted } = report;
  return `# Locks

\`${command}\` wrote this page, the picture and all figures (locks.json, not in git) on ${date}, in
${seconds} s on ${machine.cores} cores (${machine.cpu}, ${machine.system}), Node ${machine.node},
Redis ${machine.redis}. Load average ${machine.loadBefore} before, ${machine.loadAfter} after.
${omitted.length > 0 ? `\nLeft out for lack of time: ${omitted.join('; ')}.\n` : ''}
![Sections a second of every contestant in every scenario, as a share of the fastest](locks.svg)

## Thresholds

In this run: ${passedCount(report.thresholds)}.

${markdownTable(thresholdTable(report))}

Lockstep's default is the cohort, so only the cohort must be faster than the best peer. Plain pubsub asks
Redis at every handoff. It must pass all other thresholds. The figures show its sections/s.

The best peer is the fastest one, even if it serves only a few of its waiters. No lock can do more
sections than a lock in memory, which is the ceiling. If a peer is so near the ceiling that no lock can
be 1.15 times as fast, Lockstep must reach the ceiling instead. In the scenarios with brief sections no timer
takes part, so they show the cost of the lock itself.

## Figures

Each figure is the median of the repetitions. The spread is (greatest - least) / median of the
sections/s. Max, refused, never served and overlaps are from the worst repetition. Times are in
milliseconds, unless the column names another unit.

${scenarioTables(report)
  .map((table) => `### ${table.title}\n\n${markdownTable(table)}`)
  .join('\n\n')}

## Contestants

${markdownTable(settingsTable(report, CONTESTANTS))}

${METHOD}`;
}

const METHOD = `The **tuned delay** is the pause between two tries with which the peers are fastest. It was found by trying
0.02 to 1 ms for each waiter. The best pause is 0.4 ms for each waiter where waiters ask again and again. In a burst
it is 0.1 ms for each waiter with jitter, and 0.02 ms without. It is never below 2 ms. So the tuned peers know
the number of waiters. A real deployment does not know it.

## How it is measured

- The run starts its own redis-server on the loopback address, without persistence. Each contestant
  runs in its own processes, which are idle while others run. They are started again for every
  scenario, and in the uncontended scenarios also after every tenth repetition. In the uncontended
  scenarios Lockstep and the floor share one process, because a round trip takes twice as long when
  the process and Redis run on different cores. In each repetition all contestants run one after the
  other, and every second repetition runs them in reverse order. A ratio compares results of the same
  repetition.
- A waiter acquires the lock, sleeps 1 ms by a timer, releases, and asks again. The measurement
  begins after a warm-up, in which every waiter has time for a turn. A refused waiter asks again after
  100 ms. In the burst each waiter asks once. A brief section lasts one turn of the event loop. In the
  uncontended scenarios there is no section, and each waiter uses 16 keys of its own. In the scenario
  "in turn" each of two waiters sleeps 5 ms in its section and 3 ms after it.
- Each process records when each waiter asked, entered and left, by the monotonic clock of the
  machine. All figures come from these records, except the counters of Redis. They also show that
  only one waiter held the lock: **overlaps** counts sections that began before the last one ended.
- **round trips**: commands that the clients sent, for each section. **commands**: these and the
  commands inside scripts, by \`total_commands_processed\`. **Redis CPU**: \`used_cpu_user\` and
  \`used_cpu_sys\`.
- **wait**: the time from asking to entering, of the waiters that entered. Max also counts waits that
  had not ended, with their time so far. **never served**: waiters that had no section from the start
  to the end.
- **Jain**: Jain's fairness index of the number of sections that each waiter (or each process) had,
  from the start to the end. 1 means that all had the same number.
- **handoff**: the time from just before a release to the next entry, p50. "Within": the next waiter
  is in the same process. "Between": it is in another process. Where all waiters wait all the time,
  "between" has only the handoffs in which the other process asked first. In the scenario "in turn" the
  time begins with the first release that the other waiter waited for, even if the holder then took
  the lock again.
- **in memory** is not a distributed lock. It shows how many sections of a 1 ms timer are possible
  at most.
`;
