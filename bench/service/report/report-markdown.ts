import { passedCount, settingsTable } from '../../comparison.js';
import { markdownTable } from '../../table.js';
import { CONTESTANTS } from '../contestants.js';
import { BATCH_FLOOR, SAME_GUARANTEES } from '../plan.js';
import { figureTables, type ServiceReport, thresholdTable } from './report.js';

/** Renders the page `docs/benchmarks/service.md`. */
export function markdownReport(report: ServiceReport): string {
  const { command, date, seconds, machine, database, plan } = report;
  const tables = figureTables(report).map(
    (table) => `### ${table.title}\n\n${markdownTable(table)}`,
  );
  return `# The whole service

\`${command}\` wrote this page, the picture, \`service-summary.json\` and all figures (service.json, not in
git) on ${date}, in ${seconds} s on ${machine.cores} cores (${machine.cpu}, ${machine.system}),
Node ${machine.node}, Redis ${machine.redis}, ${database}. The database does not wait for the disk at a commit.
Load average ${machine.loadBefore} before, ${machine.loadAfter} after.

![Orders a second of every contestant in every scenario](service.svg)

## Thresholds

In this run: ${passedCount(report.thresholds)}. "Measured" is the ratio of two medians over ${plan.rounds} rounds. "Of rounds"
is the least and the greatest ratio of a single round.

${markdownTable(thresholdTable(report))}

"Floor" is the same ratio for a program without the layers of Lockstep. For writes and stocks this program is
"${SAME_GUARANTEES}". For cached reads it is Node's server with the same headers, log and metrics. For a
batch, and for the longest wait, it is "${BATCH_FLOOR}". For two instances it is the hand-written peer. Where the
floor does not pass the threshold, the guarantees alone cost more than the threshold allows on this machine.

## Figures

The driver sends prepared bytes on kept-alive connections. Each connection sends its next request when
the one before was answered. At a fixed rate each request has a planned time. Its latency counts from this
time, also while it waits for a connection. All contestants run one after the other, each in processes of its
own and on a database of its own. Every second round runs them in reverse order. Orders that a scenario pays or
cancels were placed before it, by SQL.

"Connections" are the connections to the database that are open at the end. "MB" is the memory of all processes of
the contestant. "Of rounds" is the least and the greatest value of a single round, for the column before it.

${tables.join('\n\n')}

## Contestants

${markdownTable(settingsTable(report, CONTESTANTS))}

"${BATCH_FLOOR}" is a floor: one transaction writes 64 orders with their items and two events each. It runs in
the process of the benchmark, without authentication, validation and responses.
`;
}
