import { median } from '../../statistics.js';

/** The ratio of two rates that were measured alternately: the median of all rounds, and the extremes. */
export interface Ratio {
  readonly middle: number;
  readonly least: number;
  readonly most: number;
}

export function ratioOf(rates: readonly number[], others: readonly number[]): Ratio {
  const ratios = rates.map((rate, turn) => rate / (others[turn] ?? Number.NaN));
  return { middle: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
}

export function showRatio({ middle, least, most }: Ratio): string {
  return `${middle.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`;
}

/** Returns a verdict only when all rounds agree on it. */
export function verdictOn({ least, most }: Ratio): 'helps' | 'costs' | 'no clear difference' {
  if (least > 1) return 'helps';
  return most < 1 ? 'costs' : 'no clear difference';
}
