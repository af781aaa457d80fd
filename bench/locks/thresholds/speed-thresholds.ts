import { showRatio } from '../../ratio.js';
import type { Threshold } from '../../threshold.js';
import { inMemory } from '../contestants/in-memory.js';
import { lockstepCohort } from '../contestants/lockstep-cohort.js';
import { rawFloor } from '../contestants/raw-floor.js';
import { CONTESTANTS } from '../contestants.js';
import { HUNDRED, ONE_BY_ONE, SIXTY_FOUR, TWO_PROCESSES } from '../plan.js';
import { ratioOfRates } from '../report/pairing.js';
import { find, type Summary } from '../report/summary.js';
import { ALL_CONTENDED, lockstepIn } from './lockstep-summaries.js';

const FLOOR_SHARE = 0.9;
const PEER_LEAD = 1.15;
/** No lock is faster than a lock in memory. With this share of its rate a lock is at the ceiling, given the noise. */
const CEILING_SHARE = 0.95;

export function speedThresholds(summaries: readonly Summary[]): Threshold[] {
  const free = lockstepIn(summaries, [ONE_BY_ONE, SIXTY_FOUR]).flatMap((own) => {
    const floor = find(summaries, rawFloor.id, own.scenario);
    return floor ? [floorThreshold(own, floor)] : [];
  });
  // Only the default strategy of an instance has to be ahead; the tables show the others.
  const byDefault = lockstepIn(summaries, ALL_CONTENDED).filter(
    ({ contestant }) => contestant === lockstepCohort.id,
  );
  const contended = byDefault.flatMap((own) => {
    const best = bestPeer(summaries, own.scenario);
    return best ? [peerThreshold(own, best, ceilingOf(summaries, own.scenario))] : [];
  });
  return [...free, ...contended];
}

/** Returns the fastest peer, even if it refuses waiters or lets them starve. */
function bestPeer(summaries: readonly Summary[], scenario: string): Summary | undefined {
  return CONTESTANTS.filter(({ kind }) => kind === 'peer')
    .flatMap(({ id }) => find(summaries, id, scenario) ?? [])
    .sort((a, b) => b.sectionsPerSecond - a.sectionsPerSecond)[0];
}

/** Only one section runs at a time, in whatever process, so two processes have the ceiling of one. */
function ceilingOf(summaries: readonly Summary[], scenario: string): Summary | undefined {
  return find(summaries, inMemory.id, scenario === TWO_PROCESSES.id ? HUNDRED.id : scenario);
}

function floorThreshold(own: Summary, floor: Summary): Threshold {
  const ratio = ratioOfRates(own, floor);
  return {
    promise: `pairs/s at least ${FLOOR_SHARE} of the raw floor`,
    ...{ contestant: own.contestant, scenario: own.scenario },
    measured: showRatio(ratio),
    passed: ratio.median >= FLOOR_SHARE,
  };
}

function peerThreshold(own: Summary, best: Summary, ceiling: Summary | undefined): Threshold {
  const ratio = ratioOfRates(own, best);
  const share = ceiling ? ratioOfRates(own, ceiling).median : 0;
  const ofCeiling = ceiling ? `; ${share.toFixed(2)} of the ceiling` : '';
  return {
    promise: `sections/s at least ${PEER_LEAD} times the best peer's, or at the ceiling`,
    ...{ contestant: own.contestant, scenario: own.scenario },
    measured: `${showRatio(ratio)} times ${best.contestant}${starving(best)}${ofCeiling}`,
    passed: ratio.median >= PEER_LEAD || share >= CEILING_SHARE,
  };
}

/** A peer that lets most waiters starve is fast, so their number is shown beside its speed. */
function starving({ neverServed }: Summary): string {
  return neverServed > 0 ? `, which never served ${neverServed}` : '';
}
