import type { Latency } from './figures/latency.js';
import type { Rate } from './figures/rate.js';
import type { Stampede } from './figures/stampede.js';
import type { StaleCounts } from './stale/stale-counts.js';

/**
 * All figures of one contestant. Lists have one element for each round, `latency` one for each turn, and are empty
 * where the figure does not apply to the contestant.
 */
export interface Outcome {
  readonly contestant: string;
  readonly l1: readonly Rate[];
  readonly l2: readonly Rate[];
  readonly latency: readonly Latency[];
  readonly stampede: Stampede;
  readonly stale: StaleCounts;
}

export function find(outcomes: readonly Outcome[], contestant: string): Outcome | undefined {
  return outcomes.find((outcome) => outcome.contestant === contestant);
}
