import { median } from './statistics.js';

/** The ratio of two figures that were measured in turn, round by round. */
export interface Ratio {
  /** The ratio in each round. */
  readonly ofRounds: readonly number[];
  /** Median of `ofRounds`; NaN without rounds. */
  readonly median: number;
  readonly least: number;
  readonly greatest: number;
}

/** Compares each value with the value of the same round in `others`. A round without it gives NaN. */
export function ratioOf(values: readonly number[], others: readonly number[]): Ratio {
  const ofRounds = values.map((value, round) => value / (others[round] ?? Number.NaN));
  return {
    ...{ ofRounds, median: median(ofRounds) },
    ...{ least: Math.min(...ofRounds), greatest: Math.max(...ofRounds) },
  };
}

/** Shows the median, and the least and the greatest round, such as `1.52 (1.43 to 1.67)`. */
export function showRatio({ median, least, greatest }: Omit<Ratio, 'ofRounds'>): string {
  return `${median.toFixed(2)} (${least.toFixed(2)} to ${greatest.toFixed(2)})`;
}
