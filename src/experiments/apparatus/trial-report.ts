import type { TimelineEvent } from './timeline.js';
import type { WaitFigures } from './wait-figures.js';

/** What one trial showed. */
export interface TrialReport {
  /** What sets it apart from the experiment's other trials. */
  readonly variant: string;
  readonly timeline: readonly TimelineEvent[];
  readonly outcome: Outcome;
}

export interface Outcome {
  /** The balance if every charge and payment that was acknowledged had its effect. */
  readonly expected: number;
  /** The balance that the database holds. */
  readonly actual: number;
  /** Acknowledged charges and payments without effect: overwritten by another. */
  readonly lostUpdates: number;
  /** Requests that were told they failed. */
  readonly refused: number;
  /** Only where ways of waiting are compared. */
  readonly waits?: WaitFigures;
}
