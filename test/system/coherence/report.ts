import type { Phase, TrialResult } from './coherence-trial.js';
import type { Failure } from './observations.js';

/** The result of a trial as a table, with a row for each fault. */
export function renderTrial({ verdict, phases, observations }: TrialResult): string {
  const names = [...new Set(phases.map(({ name }) => name))];
  const rows = names.map((name) => [name, ...figuresOf(phases.filter((p) => p.name === name))]);
  const all = { name: 'all', fromMs: 0, toMs: Number.POSITIVE_INFINITY };
  const header = [
    ...['', 'reads', 'hits', 'failed', 'slowest ms', 'writes'],
    ...['stale', 'p99 ms', 'settled p99', 'worst ms', 'beyond'],
  ];
  return [
    ...align([header, ...rows, ['all', ...figuresOf([all])]]),
    `allowed: ${verdict.boundMs} ms; beyond it: ${verdict.beyondBound.length}`,
    `writes without a 200: ${tally(observations.unknown)}`,
    `reads without a 200: ${tally(observations.failedReads)}`,
  ].join('\n');

  function figuresOf(stretches: readonly Phase[]): string[] {
    const parts = stretches.map(({ fromMs, toMs }) => verdict.between(fromMs, toMs));
    const sum = (pick: (part: (typeof parts)[number]) => number) =>
      String(parts.reduce((total, part) => total + pick(part), 0));
    const most = (pick: (part: (typeof parts)[number]) => number) =>
      Math.max(...parts.map(pick)).toFixed(1);
    return [
      sum(({ answers }) => answers),
      sum(({ hits }) => hits),
      sum(({ failed }) => failed),
      most(({ slowestMs }) => slowestMs),
      sum(({ writes }) => writes),
      sum(({ stale }) => stale),
      most(({ p99Ms }) => p99Ms),
      most(({ settlingP99Ms }) => settlingP99Ms),
      most(({ worstMs }) => worstMs),
      sum(({ beyondBound }) => beyondBound),
    ];
  }
}

function tally(failures: readonly Failure[]): string {
  const counts = new Map<string, number>();
  for (const { reason } of failures) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `${reason} ×${count}`).join(', ') || 'none';
}

function align(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  '),
  );
}
