import { median } from '../../statistics.js';
import type { Result } from './result.js';
import type { Summary } from './summary.js';

/** How many times as fast one contestant is as another. Each repetition is compared with the same one of the other. */
export interface Ratio {
  readonly median: number;
  readonly least: number;
  readonly greatest: number;
}

export function ratioOf(one: Summary, other: Summary): Ratio {
  const ratios = one.results.flatMap((result) => {
    const beside = sameRepetition(other.results, result);
    // A contestant without sections is no measurement, so there is no ratio to it.
    const isMeasured = beside && beside.sectionsPerSecond > 0;
    return isMeasured ? [result.sectionsPerSecond / beside.sectionsPerSecond] : [];
  });
  return { median: median(ratios), least: Math.min(...ratios), greatest: Math.max(...ratios) };
}

function sameRepetition(results: readonly Result[], { repetition }: Result): Result | undefined {
  return results.find((result) => result.repetition === repetition);
}
