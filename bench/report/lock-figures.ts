import { readFileSync, writeFileSync } from 'node:fs';

/** The summary of the lock benchmark, `docs/benchmarks/locks-summary.json`. */
export interface LockFigures {
  readonly date: string;
  readonly thresholds: readonly { readonly promise: string; readonly passed: boolean }[];
  readonly summaries: readonly LockSummary[];
}

export interface LockSummary {
  readonly contestant: string;
  readonly scenario: string;
  readonly sectionsPerSecond: number;
  readonly roundTripsPerSection: number;
  readonly waitP99: number;
  readonly neverServed: number;
}

/** Reads the summary of the lock benchmark; undefined if it was never run. */
export function readLockFigures(file: string): LockFigures | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LockFigures;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes the summary for the report, one entry in each line. */
export function writeLockFigures(file: string, { date, thresholds, summaries }: LockFigures): void {
  const threshold = ({ promise, passed }: LockFigures['thresholds'][number]) => ({
    promise,
    passed,
  });
  const summary = (each: LockSummary): LockSummary => ({
    contestant: each.contestant,
    scenario: each.scenario,
    sectionsPerSecond: Number(each.sectionsPerSecond.toPrecision(5)),
    roundTripsPerSection: Number(each.roundTripsPerSection.toPrecision(5)),
    waitP99: Number(each.waitP99.toPrecision(5)),
    neverServed: each.neverServed,
  });
  const lines = (entries: readonly object[]) =>
    entries.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n');
  const text = `{
  "date": "${date}",
  "thresholds": [
${lines(thresholds.map(threshold))}
  ],
  "summaries": [
${lines(summaries.map(summary))}
  ]
}
`;
  writeFileSync(file, text);
}
