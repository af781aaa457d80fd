import { expect } from 'chai';
import { render } from '../../../src/experiments/render.js';
import type { Outcome } from '../../../src/experiments/support/run-report.js';
import type { TimelineEvent } from '../../../src/experiments/support/timeline.js';

const NONE = 'no evidence';
const balance = { expected: 100, actual: 100, lostUpdates: 0, refused: 3 };
const waits = {
  ...{ served: 0, waitP50Ms: 0, waitP99Ms: 0, waitMaxMs: 0, waitsMs: [], perSecond: 0 },
  ...{ redisCommands: 0, commandsPerSection: 0, fairness: 0 },
};
const freshness = { answers: 0, stale: 0, oldestMs: 0, boundMs: 1_000, databaseQueries: 0 };
const money = { reserved: 0, captured: 0, refunded: 0, voided: 0, missing: 0 };
const ordering = {
  ...{ buyers: 9, sold: 0, oversold: 0, unitsLeft: 9, settledPerSecond: 0, connections: 0 },
  ...{ sentInverted: 0, acceptedInverted: 0, longestOvertakingMs: 0, brokenAcceptances: 0 },
  ...{ answeredP50Ms: 0, answeredP99Ms: 0, settledP50Ms: 0, settledP99Ms: 0, settledMs: [] },
};
const committed: TimelineEvent = { atMs: 1, request: 'R1', step: 'committed' };

const shown = (outcome: Outcome, timeline: readonly TimelineEvent[] = []) =>
  render({ variant: 'x', timeline, outcome });

describe('The printed outcome of an experiment', () => {
  it('says that there is no evidence when no request was served', () => {
    for (const outcome of [
      balance,
      { ...balance, waits },
      freshness,
      ordering,
      { order: 'CANCELLED', ...money },
    ] satisfies Outcome[]) {
      expect(shown(outcome)).to.include(NONE);
    }
  });

  it('does not say that there is no evidence when requests were served', () => {
    for (const text of [
      shown(balance, [committed]),
      shown({ ...balance, waits: { ...waits, served: 1 } }),
      shown({ ...freshness, answers: 1 }),
      shown({ ...ordering, sold: 1 }),
      shown({ order: 'CANCELLED', ...money, voided: 1 }),
    ]) {
      expect(text).not.to.include(NONE);
    }
  });
});
