import { type Ratio, ratioOf } from '../../ratio.js';
import type { Result } from './result.js';
import type { Summary } from './summary.js';

/** How many times as fast one contestant is as another. Each repetition is compared with the same one of the other. */
export function ratioOfRates(one: Summary, other: Summary): Ratio {
  const pairs = one.results.flatMap((result) => {
    const beside = sameRepetition(other.results, result);
    // A contestant without sections is no measurement, so there is no ratio to it.
    return beside && beside.sectionsPerSecond > 0 ? [[result, beside] as const] : [];
  });
  return ratioOf(
    pairs.map(([{ sectionsPerSecond }]) => sectionsPerSecond),
    pairs.map(([, { sectionsPerSecond }]) => sectionsPerSecond),
  );
}

function sameRepetition(results: readonly Result[], { repetition }: Result): Result | undefined {
  return results.find((result) => result.repetition === repetition);
}
