import { readFileSync } from 'node:fs';

/** What is taken from `docs/benchmarks/locks.json`. */
export interface LockFigures {
  readonly date: string;
  readonly bars: readonly { readonly promise: string; readonly passed: boolean }[];
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

/** Undefined where the lock benchmark has not been run. */
export function readLockFigures(file: string): LockFigures | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const { date, bars, summaries } = JSON.parse(text) as LockFigures;
  return {
    date,
    bars: bars.map(({ promise, passed }) => ({ promise, passed })),
    summaries: summaries.map((summary) => ({
      contestant: summary.contestant,
      scenario: summary.scenario,
      sectionsPerSecond: summary.sectionsPerSecond,
      roundTripsPerSection: summary.roundTripsPerSection,
      waitP99: summary.waitP99,
      neverServed: summary.neverServed,
    })),
  };
}
