/** A table that can be printed to a terminal or written as Markdown. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Formats a table for a terminal. The first column is aligned left, all others right. */
export function plainTable({ title, columns, rows }: Table): string {
  const all = [columns, ...rows];
  const widths = columns.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row.map((cell, at) =>
      at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
    );
  return [title, ...all.map((row) => `  ${line(row).join('  ')}`)].join('\n');
}

export function markdownTable({ columns, rows }: Omit<Table, 'title'>): string {
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`;
  const isNumeric = (at: number) => rows.every((row) => /^[\d.,%–]+$/.test(row[at] ?? ''));
  const rule = columns.map((_, at) => (isNumeric(at) ? '--:' : '---'));
  return [line(columns), `|${rule.join('|')}|`, ...rows.map(line)].join('\n');
}

/** Formats a number with about three significant digits; a dash for NaN and infinity. */
export function figure(value: number): string {
  if (Number.isNaN(value) || !Number.isFinite(value)) return '–';
  if (value >= 1000) return Math.round(value).toLocaleString('en-US');
  if (value >= 100) return value.toFixed(0);
  if (value >= 10) return value.toFixed(1);
  return value === 0 ? '0' : value.toFixed(value >= 1 ? 2 : 3);
}
