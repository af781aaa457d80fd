import { expect } from 'chai';
import { benchLocks } from '../../../bench/locks/bench-locks.js';
import { lockstepCohort } from '../../../bench/locks/contestants/lockstep-cohort.js';
import { BURST, type Plan, TEN } from '../../../bench/locks/plan.js';
import { scenarioTables } from '../../../bench/locks/report/report.js';
import { markdownReport } from '../../../bench/locks/report/report-markdown.js';
import { svgReport } from '../../../bench/locks/report/report-plot.js';

const short = { repetitions: 1, renewEvery: 1, coldMs: 50, warmMs: 50, measureMs: 150 };
const plan: Plan = [
  { scenario: TEN, ...short },
  { scenario: BURST, ...short, measureMs: 5_000 },
];

describe('the lock benchmark', function () {
  this.timeout(240_000);

  it('measures every figure of one contestant and reports it', async () => {
    const report = await benchLocks('command', plan, [lockstepCohort]);

    const [steady, burst] = report.summaries;
    expect(burst?.sections).to.equal(500);
    expect(steady?.sections).to.be.greaterThan(0);
    for (const summary of report.summaries) {
      expect(summary).to.include({ overlaps: 0, refusals: 0, neverServed: 0, failures: 0 });
      expect(summary.sectionsPerSecond).to.be.greaterThan(0);
      expect(summary.roundTripsPerSection).to.be.within(0.01, 1);
      expect(summary.redisCpuUsPerSection).to.be.greaterThan(0);
      expect(summary.handoffWithinP50).to.be.at.least(0);
      expect(summary.waitMax).to.be.at.least(summary.waitP99).and.be.at.least(summary.waitP50);
    }
    expect(report.machine.redis).to.match(/^\d+\.\d+/);
    expect(scenarioTables(report).map(({ rows }) => rows.length)).to.deep.equal([1, 1]);
    expect(markdownReport(report)).to.contain('burst of 500');
    expect(svgReport(report)).to.match(/^<svg .*lockstep cohort.*<\/svg>\n$/s);
  });
});
