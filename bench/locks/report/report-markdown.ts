import { barCount, barTable, settingsTable } from '../../comparison.js';
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

In this run: ${barCount(report.bars)}.

${markdownTable(barTable(report))}

An instance runs the cohort unless it is set up otherwise, so the cohort is held to the lead over
the best peer. Plain pubsub, which asks Redis at every handoff, must pass all other thresholds; its
sections/s stand in the figures.

The best peer is the fastest, even if it serves next to nobody. No lock does more sections than one
in memory, so where a peer comes closer to that ceiling than 1.15 leaves room for, the threshold is the
ceiling. The brief sections show the lock without a timer that takes most of the time.

## Figures

Each is the median of the repetitions; the spread is (greatest - least) / median of the
sections/s; max, refused, never served and overlaps are those of the worst repetition. Times are in
milliseconds unless a column says otherwise.

${scenarioTables(report)
  .map((table) => `### ${table.title}\n\n${markdownTable(table)}`)
  .join('\n\n')}

## Contestants

${markdownTable(settingsTable(report, CONTESTANTS))}

${METHOD}`;
}

const METHOD = `The **tuned delay** is what serves the peers best in a sweep from 0.02 to 1 ms for each waiter
there is: 0.4 ms where waiters come again, and in a burst 0.1 ms with jitter or 0.02 ms without; 2 ms
at least. So tuned peers know how many wait, which no deployment does.

## How it is measured

- One redis-server of the run's own on the loopback address, without persistence. Each contestant
  plays in processes of its own, which are idle while others play and are started again for every
  scenario, and in the uncontended ones after every tenth repetition. There Lockstep and the floor
  share one, since a round trip takes twice as long for a process that shares no core with Redis.
  In each repetition of a scenario all play one after the other, in the opposite order every other
  time; ratios compare results of the same repetition.
- A waiter acquires, sleeps 1 ms by a timer, releases, and asks again. It is watched for a while
  once everybody had time for a turn. A refused waiter comes again after 100 ms. In the burst each
  comes once. A brief section lasts for one turn of the event loop. Without contention there is none,
  and each waiter goes through 16 keys of its own. In turn, each of two sleeps 5 ms in its section
  and 3 ms after it.
- Every process notes when each waiter asked, entered and left, on the machine's monotonic clock.
  All but Redis's own counters comes from merging these notes, the proof of mutual exclusion too:
  **overlaps** are sections entered before the last one was left.
- **round trips**: commands that clients sent, a section. **commands**: with those inside scripts,
  by \`total_commands_processed\`. **Redis CPU**: \`used_cpu_user\` and \`used_cpu_sys\`.
- **wait** is from asking to entering, of those who entered; max also counts the age of waits that
  had not ended. **never served**: waiters without one section from the start to the end.
- **Jain** is Jain's index of the numbers of sections that the waiters got (or the processes),
  from the start to the end.
- **handoff**: from right before the release to the next entry, p50, when the next is a waiter of
  the same process (within) or of another (between). Where all wait for all, \`between\` has only
  those handoffs in which the other process was the quicker to ask. In turn, it is from the first
  release that the other waited for, though the holder may have been quicker to ask again.
- **in memory** is no distributed lock: it shows what sections of a 1 ms timer allow at most.
`;
