import { plainTable } from '../../../../bench/table.js';
import { brokenClaims, type FaultReport, type FaultScenario } from './fault-scenario.js';

/** Most cases that are shown for a claim that did not hold. */
const MOST_CASES = 5;

export interface Tried {
  readonly scenario: FaultScenario;
  /** The error when the run could not be done. */
  readonly outcome: FaultReport | Error;
}

export function hasHeld({ outcome }: Tried): boolean {
  return !(outcome instanceof Error) && brokenClaims(outcome).length === 0;
}

export function summary(tried: readonly Tried[]): string {
  const columns = ['name', 'result', 'what was done', 'what held'];
  const rows = [columns, ...tried.flatMap(rowsOf)];
  const widths = columns.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0));
  return rows.map((row) => line(row).join('  ').trimEnd()).join('\n');
}

/** As many rows as there are faults or claims. */
function rowsOf(tried: Tried): string[][] {
  const { scenario, outcome } = tried;
  const isTried = !(outcome instanceof Error);
  const done = isTried ? outcome.done : ['could not be tried'];
  const verdicts = isTried ? outcome.verdicts : [];
  const held = verdicts.filter(({ broken }) => broken.length === 0).map(({ claim }) => claim);
  const first = [scenario.name, hasHeld(tried) ? 'held' : 'FAILED'];
  return Array.from({ length: Math.max(done.length, held.length) }, (_, i) => [
    ...(i === 0 ? first : ['', '']),
    done[i] ?? '',
    held[i] ?? '',
  ]);
}

export function details({ scenario, outcome }: Tried): string {
  if (outcome instanceof Error) return `${scenario.name}: ${outcome.stack ?? outcome.message}`;
  const broken = brokenClaims(outcome).map((verdict) => {
    const cases = verdict.broken.slice(0, MOST_CASES).map((each) => `    ${each}`);
    return [`  BROKEN ${verdict.broken.length} times: ${verdict.claim}`, ...cases].join('\n');
  });
  return [scenario.name, ...outcome.figures.map(plainTable), ...broken].join('\n');
}
