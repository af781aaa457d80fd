import type { Threshold } from '../../threshold.js';
import { lockstep } from '../contestants/lockstep.js';
import { find, type Outcome } from '../outcome.js';

export function stampedeThresholds(outcomes: readonly Outcome[]): Threshold[] {
  const own = find(outcomes, lockstep.id);
  if (!own) return [];
  return [
    {
      promise: 'one load in a stampede of two instances',
      ...{ contestant: own.contestant, scenario: 'stampede' },
      measured: `${own.stampede.most} at most`,
      passed: own.stampede.most === 1,
    },
  ];
}
