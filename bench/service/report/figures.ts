import { ratioOf } from '../../ratio.js';
import { median } from '../../statistics.js';
import { figure } from '../../table.js';
import type { Figure, Sample } from '../sample.js';

/** One figure of one contestant in one scenario, over all rounds. */
export interface Point {
  readonly contestant: string;
  readonly scenario: string;
  readonly figure: Figure;
}

/** The values of a point, in the sequence of the rounds; empty where it was not measured. */
function valuesOf(samples: readonly Sample[], point: Point): number[] {
  return samples
    .filter((each) => each.contestant === point.contestant && each.scenario === point.scenario)
    .toSorted((one, other) => one.round - other.round)
    .map((each) => each[point.figure]);
}

/** The ratio of a point to another one. */
export interface PointRatio {
  /** The ratio of the medians; NaN if one of them was not measured. */
  readonly value: number;
  /** The ratio of the two values in each round. */
  readonly ofRounds: readonly number[];
}

export function ratioOfPoints(samples: readonly Sample[], point: Point, to: Point): PointRatio {
  const [values, others] = [valuesOf(samples, point), valuesOf(samples, to)];
  return { value: median(values) / median(others), ofRounds: ratioOf(values, others).ofRounds };
}

/** The least and the greatest value as text; a dash for fewer than two values. */
export function spread(
  values: readonly number[],
  show: (value: number) => string = figure,
): string {
  if (values.length < 2) return '–';
  return `${show(Math.min(...values))}–${show(Math.max(...values))}`;
}
