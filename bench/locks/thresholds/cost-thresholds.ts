import type { Threshold } from '../../threshold.js';
import { lockstepCohort } from '../contestants/lockstep-cohort.js';
import type { Summary } from '../report/summary.js';
import { CONTENDED, lockstepIn } from './lockstep-summaries.js';

const MOST_ROUND_TRIPS = 1;
const MOST_WITH_COHORT = 0.1;

/**
 * Rounding leaves out what is not a cost of a section: the first request of a burst, and sections that
 * are only partly inside the measured time.
 */
const DECIMALS = 2;

export function costThresholds(summaries: readonly Summary[]): Threshold[] {
  return lockstepIn(summaries, CONTENDED).map(({ contestant, scenario, roundTripsPerSection }) => {
    const most = contestant === lockstepCohort.id ? MOST_WITH_COHORT : MOST_ROUND_TRIPS;
    return {
      promise: `at most ${most} round trips a section, to two decimals`,
      ...{ contestant, scenario },
      measured: roundTripsPerSection.toFixed(3),
      passed: Number(roundTripsPerSection.toFixed(DECIMALS)) <= most,
    };
  });
}
