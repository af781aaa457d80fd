import { figure, markdownTable } from '../../table.js';
import type { MeasuredRead } from '../reads/read.js';
import type { CacheReport } from '../report.js';

/** Renders what each read costs without a cache, and how the service answers it. */
export function readsSection({ reads }: CacheReport): string {
  const sizes = [...new Set(reads.map(({ lines }) => lines))];
  const names = [...new Set(reads.map(({ name }) => name))];
  const at = (name: string, lines: number) =>
    reads.find((read) => read.name === name && read.lines === lines);
  const shown = (name: string) =>
    sizes.map((lines) => {
      const read = at(name, lines);
      return read ? `${figure(read.rowsRead)} / ${figure(read.ms)}` : '–';
    });
  return `## What a read costs, and what is done about it

Rows read / milliseconds, for each number of order lines in the database:

${markdownTable({
  columns: ['read', ...sizes.map((lines) => lines.toLocaleString('en-US'))],
  rows: names.map((name) => [name, ...shown(name)]),
})}

![Milliseconds of each read as the data grows](growth.svg)

${growth(reads, sizes)}

${markdownTable({
  columns: ['read', 'cached', 'strategy', 'why'],
  rows: decisions(reads.filter(({ lines }) => lines === sizes.at(-1))),
})}

A read is cached for one of two reasons. Its cost grows with the data, and nothing else limits it. Or all
clients ask for the same, so one answer serves them all. The count of likes is the only case of
write-behind: a like is committed as a row, and a job adds it to the count of its product later, in batches.`;
}

/** Makes one row for all reads that are answered in the same way for the same reason. */
function decisions(reads: readonly MeasuredRead[]): string[][] {
  return [...Map.groupBy(reads, ({ why }) => why).values()].flatMap((alike) => {
    const [first] = alike;
    const names = alike.map(({ name }) => name).join('; ');
    return first ? [[names, first.cached ? 'yes' : 'no', first.strategy, first.why]] : [];
  });
}

/** Says which reads grow with the data: it compares their rows in the smallest and the largest database. */
function growth(reads: readonly MeasuredRead[], sizes: readonly number[]): string {
  const [smallest = 0, largest = 0] = [sizes[0], sizes.at(-1)];
  const grown = reads
    .filter(({ lines }) => lines === largest)
    .map((read) => {
      const first = reads.find(({ name, lines }) => name === read.name && lines === smallest);
      return { ...read, times: read.rowsRead / Math.max(first?.rowsRead ?? 1, 1) };
    });
  const growing = grown.filter(({ times }) => times >= 3).sort((a, b) => b.ms - a.ms);
  const worst = growing[0];
  if (!worst) return 'With the data, the rows of no read grow by a factor of three or more.';
  const costliest = `${figure(worst.ms)} ms and ${figure(worst.rowsRead)} rows for ${worst.name}`;
  return `From ${smallest.toLocaleString('en-US')} to ${largest.toLocaleString('en-US')} lines the rows of ${growing.length} of ${grown.length} reads grow by a
factor of three or more: ${growing.map(({ name, times }) => `${name} (${figure(times)} times)`).join(', ')}. The slowest takes
${costliest}. The other reads use an index and read only what they show, so more data does not slow them down.`;
}

/** Renders every query with its EXPLAIN. */
export function statementsSection({ reads, dataset }: CacheReport): string {
  const largest = reads.filter(({ lines }) => lines === dataset.lines);
  return `## Queries and their plans (EXPLAIN)

The answer of the server to each \`EXPLAIN\`, with ${dataset.lines.toLocaleString('en-US')} lines. A query that a read repeats is shown
once. **type** says how the table is read: \`const\` one row by a unique key, \`ref\` rows by an index, \`range\`
a part of an index, \`index\` a whole index in its sequence, \`ALL\` the whole table. **rows** is the server's estimate of the
rows that it reads. With a \`LIMIT\` it reads fewer.

${largest.map(described).join('\n\n')}`;
}

function described({ name, statements }: MeasuredRead): string {
  const shapes = new Map(statements.map((statement) => [shapeOf(statement.sql), statement]));
  const plans = [...shapes.values()].map(({ sql, explained }) => {
    const rows = explained.map(({ table, type, key, rows, extra }) => [
      table,
      type,
      key,
      rows,
      extra,
    ]);
    const columns = ['table', 'type', 'key', 'rows', 'extra'];
    return `\`\`\`sql\nEXPLAIN ${shortened(sql)}\n\`\`\`\n\n${markdownTable({ columns, rows })}`;
  });
  const count = statements.length === 1 ? '1 query' : `${statements.length} queries`;
  return `### ${name} (${count})\n\n${plans.join('\n\n')}`;
}

/** Keeps the first three ids of a long list in an SQL text. */
function shortened(sql: string): string {
  return sql.replace(/('[^']*'(?:, '[^']*'){2})(?:, '[^']*')+/g, '$1, …');
}

function shapeOf(sql: string): string {
  return sql.replace(/'[^']*'/g, '?');
}
