import { expect } from 'chai';
import { RunRecord } from '../../../src/adapters/http/lab/lab-schemas.js';
import { shownReport } from '../../../src/experiments/lab/lab-report.js';
import {
  distribution,
  jainIndex,
  percentile,
} from '../../../src/experiments/support/wait-figures.js';

/** As the experiment makes them from the waits of each served request. */
function figuresOf(waitsMs: readonly number[]) {
  return {
    served: waitsMs.length,
    waitP50Ms: percentile(waitsMs, 0.5),
    waitP99Ms: percentile(waitsMs, 0.99),
    waitMaxMs: percentile(waitsMs, 1),
    waitsMs: distribution(waitsMs),
    perSecond: waitsMs.length,
    redisCommands: 9,
    commandsPerSection: 9 / waitsMs.length,
    fairness: jainIndex(waitsMs),
  };
}

describe('The report that the lab keeps', () => {
  for (const waitsMs of [[3, 1, 2], []]) {
    it(`can be read again from its file: ${waitsMs.length} requests were served`, () => {
      const balance = { expected: 100, actual: 100, lostUpdates: 0, refused: 1 };
      const outcome = { ...balance, waits: figuresOf(waitsMs) };
      const report = shownReport('ways-of-waiting', { variant: 'spin', timeline: [], outcome });
      const run = {
        ...{ id: 'abcdefghijklmnop', experiment: 'ways-of-waiting', place: 'servers' },
        ...{ startedAt: '2026-01-01T00:00:00.000Z', settings: {}, reports: [report] },
      };
      expect(RunRecord.parse(JSON.parse(JSON.stringify(run)))).to.deep.equal(run);
    });
  }
});
