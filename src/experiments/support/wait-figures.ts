/** Figures of one way of waiting; times in milliseconds. */
export interface WaitFigures {
  /** Units of work that got the lock and committed. */
  readonly served: number;
  readonly waitP50Ms: number;
  readonly waitP99Ms: number;
  readonly waitMaxMs: number;
  /** The waits that 0, 1, … 100 percent of the requests did not exceed. */
  readonly waitsMs: readonly number[];
  /** Served units of work per second. */
  readonly perSecond: number;
  readonly redisCommands: number;
  readonly commandsPerSection: number;
  /**
   * Jain's index of the units served per client: 1 when all got equally many, 1/n when one got all.
   */
  readonly fairness: number;
}

/** The value that this share of the sorted values does not exceed; NaN when there are no values. */
export function percentile(values: readonly number[], share: number): number {
  return percentileOf(
    values.toSorted((one, other) => one - other),
    share,
  );
}

function percentileOf(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** The values that 0, 1, … 100 percent of the values do not exceed; empty when there are none. */
export function distribution(values: readonly number[]): readonly number[] {
  if (values.length === 0) return [];
  const sorted = values.toSorted((one, other) => one - other);
  return Array.from({ length: 101 }, (_, percent) => percentileOf(sorted, percent / 100));
}

/** Jain's index, (Σx)² / n·Σx² (Jain, Chiu, Hawe, DEC-TR-301, 1984). */
export function jainIndex(shares: readonly number[]): number {
  const sum = shares.reduce((total, share) => total + share, 0);
  const squares = shares.reduce((total, share) => total + share * share, 0);
  return (sum * sum) / (shares.length * squares);
}
