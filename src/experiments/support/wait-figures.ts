/** Figures of one way of waiting; times in milliseconds. */
export interface WaitFigures {
  /** Units of work that got the lock and committed. */
  readonly served: number;
  readonly waitP50Ms: number;
  readonly waitP99Ms: number;
  readonly waitMaxMs: number;
  readonly redisCommands: number;
  readonly commandsPerSection: number;
  /**
   * Jain's index of the units served per client: 1 when all got equally many, 1/n when one got all.
   */
  readonly fairness: number;
}

/** The value that this share of the sorted values does not exceed; NaN when there are no values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Jain's index, (Σx)² / n·Σx² (Jain, Chiu, Hawe, DEC-TR-301, 1984). */
export function jainIndex(shares: readonly number[]): number {
  const sum = shares.reduce((total, share) => total + share, 0);
  const squares = shares.reduce((total, share) => total + share * share, 0);
  return (sum * sum) / (shares.length * squares);
}
