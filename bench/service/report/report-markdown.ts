import { barCount, settingsTable } from '../../comparison.js';
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
Node ${machine.node}, Redis ${machine.redis}, ${database}, which does not wait for the disk at a commit.
Load average ${machine.loadBefore} before, ${machine.loadAfter} after.

![Orders a second of every contestant in every scenario](service.svg)

## Thresholds

In this run: ${barCount(report.bars)}. "Measured" is a ratio of medians of ${plan.rounds} rounds, "of rounds"
the least and the greatest of the ratios of one round.

${markdownTable(thresholdTable(report))}

"Floor" is the same ratio of a program without the layers of Lockstep: "${SAME_GUARANTEES}" for
writes and stocks, Node's server with the same headers, log and metrics for cached reads, and "${BATCH_FLOOR}"
for a batch and for the longest wait, where it says how long the slowest of its transactions took. The floor
of two instances is the hand-written peer. Where the floor does not pass, the promise costs more than the
threshold allows on this machine.

## Figures

The driver sends prepared bytes on kept-alive connections. Each connection sends its next request when
the one before was answered. At fixed rates each request has its own time, and is timed from then
on, also while it waits for a connection. All contestants play in turn, each in processes of
its own on a database of its own, every other round in the opposite sequence. Orders that are paid or cancelled
were placed before, by SQL.

"Connections" are those to the database that are open at the end, "MB" the memory of all processes of the
contestant. "Of rounds" is the least and the greatest value of the rounds, of the column before it.

${tables.join('\n\n')}

## Contestants

${markdownTable(settingsTable(report, CONTESTANTS))}

"${BATCH_FLOOR}" is a floor: one transaction for 64 orders with their items and two events each, in
the process of the benchmark, without authentication, validation and responses.
`;
}
