import { showRatio } from '../../ratio.js';
import { median } from '../../statistics.js';
import type { Threshold } from '../../threshold.js';
import { lockstep } from '../contestants/lockstep.js';
import type { Rate } from '../figures/rate.js';
import { find, type Outcome } from '../outcome.js';

const L1_SHARE = 0.6;
const L2_SHARE = 0.9;

export function rateThresholds(outcomes: readonly Outcome[]): Threshold[] {
  const own = find(outcomes, lockstep.id);
  if (!own) return [];
  return [
    rateThreshold(
      'L1 hits',
      `at least ${L1_SHARE} of an awaited get of lru-cache`,
      own.l1,
      L1_SHARE,
    ),
    rateThreshold('L2 hits', `at least ${L2_SHARE} of a raw GET on node-redis`, own.l2, L2_SHARE),
  ];
}

function rateThreshold(
  scenario: string,
  promise: string,
  rates: readonly Rate[],
  share: number,
): Threshold {
  const ratios = rates.map(({ ofFloor }) => ofFloor);
  const [least, greatest] = [Math.min(...ratios), Math.max(...ratios)];
  const middle = median(ratios);
  return {
    ...{ promise, contestant: lockstep.id, scenario },
    measured: showRatio({ median: middle, least, greatest }),
    passed: middle >= share,
  };
}
