import { expect } from 'chai';
import { analyse } from '../../bench/locks/analysis.js';
import { HUNDRED } from '../../bench/locks/plan.js';
import type { ProcessLog } from '../../bench/locks/section-log.js';

/** Each section as waiter, asked, entered, left. */
function log(...sections: readonly (readonly number[])[]): ProcessLog {
  return {
    sections: Float64Array.from(sections.flat()),
    refusals: new Float64Array(),
    waiting: Float64Array.of(3),
    failures: [],
  };
}

const twoOfTwo = { ...HUNDRED, processes: 2, waiters: 2 };
const span = { from: 0, to: 10 };

describe('analysis of what waiters noted', () => {
  it('tells handoffs within a process from those between two', () => {
    const logs = [log([0, 0, 1, 2], [1, 0, 2.5, 3]), log([0, 0, 4, 5])];
    const seen = analyse(logs, twoOfTwo, span);
    expect(seen.handoffWithinP50).to.equal(0.5);
    expect(seen.handoffBetweenP50).to.equal(1);
    expect(seen.overlaps).to.equal(0);
    expect(seen.jainProcesses).to.be.closeTo(0.9, 1e-12);
  });

  it('counts no handoff to another process that asked after the release', () => {
    const logs = [log([0, 0, 1, 2]), log([0, 2.5, 3, 4], [1, 0, 5, 6])];
    const seen = analyse(logs, twoOfTwo, span);
    expect(seen.handoffBetweenP50).to.be.NaN;
    expect(seen.handoffWithinP50).to.equal(1);
  });

  it('counts whoever enters before the last has left, also behind a shorter section', () => {
    const logs = [log([0, 0, 1, 8], [1, 0, 2, 3]), log([0, 0, 4, 5])];
    expect(analyse(logs, twoOfTwo, span).overlaps).to.equal(2);
  });

  it('counts those without a turn, and the age of waits that did not end', () => {
    const seen = analyse([log([0, 0, 1, 2]), log()], twoOfTwo, span);
    expect(seen.neverServed).to.equal(3);
    expect(seen.waitMax).to.equal(7);
    expect(seen.sectionsPerSecond).to.equal(100);
  });
});
