import { median } from '../../statistics.js';
import type { Threshold } from '../../threshold.js';
import type { Summary } from '../report/summary.js';
import { ALL_CONTENDED, lockstepIn, STEADY } from './lockstep-summaries.js';

const LEAST_JAIN = 0.98;
const MOST_TAIL = 1.15;

export function fairnessThresholds(summaries: readonly Summary[]): Threshold[] {
  return [
    ...lockstepIn(summaries, ALL_CONTENDED).map(exclusionThreshold),
    ...lockstepIn(summaries, ALL_CONTENDED).map(servedThreshold),
    ...lockstepIn(summaries, STEADY).map(jainThreshold),
    // A burst is left out: its last waiter has to wait for all others, also when the lock is fair.
    ...lockstepIn(summaries, STEADY).map(tailThreshold),
  ];
}

function exclusionThreshold({
  contestant,
  scenario,
  overlaps,
  failures,
  sections,
}: Summary): Threshold {
  return {
    promise: 'no two holders at once, no failed release',
    ...{ contestant, scenario },
    measured: `${overlaps} overlaps, ${failures} failures, ${sections} sections`,
    passed: overlaps === 0 && failures === 0 && sections > 0,
  };
}

function servedThreshold({
  contestant,
  scenario,
  refusals,
  neverServed,
  sections,
}: Summary): Threshold {
  return {
    promise: 'nobody refused or starved',
    ...{ contestant, scenario },
    measured: `${refusals} refused, ${neverServed} never served`,
    passed: refusals === 0 && neverServed === 0 && sections > 0,
  };
}

function jainThreshold({ contestant, scenario, jainWaiters, jainProcesses }: Summary): Threshold {
  return {
    promise: `Jain at least ${LEAST_JAIN}, over waiters and over processes`,
    ...{ contestant, scenario },
    measured: `${jainWaiters.toFixed(3)}, ${jainProcesses.toFixed(3)}`,
    passed: jainWaiters >= LEAST_JAIN && jainProcesses >= LEAST_JAIN,
  };
}

function tailThreshold({ contestant, scenario, results }: Summary): Threshold {
  const ratios = results.map(({ waitP99, waitP50 }) => waitP99 / waitP50);
  const tail = median(ratios);
  return {
    promise: `p99 wait at most ${MOST_TAIL} times p50`,
    ...{ contestant, scenario },
    measured: `${tail.toFixed(2)} (${ratios.map((ratio) => ratio.toFixed(2)).join(', ')})`,
    passed: tail <= MOST_TAIL,
  };
}
