import { lockstepCohort } from '../contestants/lockstep-cohort.js';
import { lockstepPubsub } from '../contestants/lockstep-pubsub.js';
import {
  BRIEF,
  BURST,
  FIVE_HUNDRED,
  HUNDRED,
  type Scenario,
  THOUSAND,
  TWO_PROCESSES,
} from '../plan.js';
import { find, type Summary } from '../report/summary.js';

/** The strategies that the thresholds apply to; the others are measured for comparison. */
const HELD_TO_BARS = [lockstepCohort, lockstepPubsub];

/** Scenarios with at least 100 waiters that take the lock again and again. */
export const STEADY = [HUNDRED, FIVE_HUNDRED, THOUSAND, TWO_PROCESSES];
export const CONTENDED = [...STEADY, BURST];
export const ALL_CONTENDED = [...CONTENDED, ...BRIEF];

/** Returns Lockstep's figures of these scenarios. A scenario that was not measured is left out. */
export function lockstepIn(
  summaries: readonly Summary[],
  scenarios: readonly Scenario[],
): Summary[] {
  return scenarios.flatMap(({ id }) =>
    HELD_TO_BARS.flatMap((contestant) => find(summaries, contestant.id, id) ?? []),
  );
}
