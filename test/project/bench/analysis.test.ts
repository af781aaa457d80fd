import { expect } from 'chai';
import { HUNDRED, PING_PONG } from '../../../bench/locks/plan.js';
import { analyse } from '../../../bench/locks/report/analysis.js';
import type { ProcessLog } from '../../../bench/locks/run/section-log.js';

/** The log of one process. A section is the numbers waiter, asked, entered and left. */
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

describe('The analysis of recorded waits', () => {
  it('distinguishes handoffs within a process from those between two processes', () => {
    const logs = [log([0, 0, 1, 2], [1, 0, 2.5, 3]), log([0, 0, 4, 5])];
    const seen = analyse(logs, twoOfTwo, span);
    expect(seen.handoffWithinP50).to.equal(0.5);
    expect(seen.handoffBetweenP50).to.equal(1);
    expect(seen.overlaps).to.equal(0);
    expect(seen.jainProcesses).to.be.closeTo(0.9, 1e-12);
  });

  it('counts a handoff only from the first release that the other process waited for', () => {
    // The second process asks after the first release, and does not get the lock at the next one.
    const logs = [log([0, 0, 1, 2], [0, 2, 4, 5], [0, 5, 6, 7]), log([0, 3, 9, 10])];
    expect(analyse(logs, PING_PONG, span).handoffBetweenP50).to.equal(4);
  });

  it('counts a holder that enters before the previous holder has left, also after a shorter section', () => {
    const logs = [log([0, 0, 1, 8], [1, 0, 2, 3]), log([0, 0, 4, 5])];
    expect(analyse(logs, twoOfTwo, span).overlaps).to.equal(2);
  });

  it('counts waiters that never got the lock, and the age of waits that did not end', () => {
    const seen = analyse([log([0, 0, 1, 2]), log()], twoOfTwo, span);
    expect(seen.neverServed).to.equal(3);
    expect(seen.waitMax).to.equal(7);
    expect(seen.sectionsPerSecond).to.equal(100);
  });
});
