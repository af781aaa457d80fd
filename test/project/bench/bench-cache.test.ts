import { expect } from 'chai';
import { benchCache } from '../../../bench/cache/bench-cache.js';
import { layeredLoader } from '../../../bench/cache/contestants/layered-loader.js';
import { lockstep } from '../../../bench/cache/contestants/lockstep.js';
import type { Plan } from '../../../bench/cache/plan.js';
import { figureTable } from '../../../bench/cache/report/report.js';
import { markdownReport } from '../../../bench/cache/report/report-markdown.js';
import { svgReport } from '../../../bench/cache/report/report-plot.js';

const plan: Plan = {
  rounds: 1,
  slices: 2,
  sliceMs: 10,
  turns: 1,
  writes: 10,
  stampedes: 1,
  tries: 1,
  staleAfterMs: 1_100,
};

describe('the cache benchmark', function () {
  this.timeout(240_000);

  it('measures every figure of Lockstep and of a peer, and reports them', async () => {
    const report = await benchCache('command', plan, [lockstep, layeredLoader]);

    for (const { l1, l2, latency, stale } of report.outcomes) {
      for (const rate of [...l1, ...l2]) expect(rate.ofFloor).to.be.greaterThan(0);
      expect([l1, l2, latency].map(({ length }) => length)).to.deep.equal([1, 1, 1]);
      expect(latency[0]?.p99).to.be.greaterThan(0);
      expect(stale).to.have.all.keys('slow loader', 'read in flight', 'cut bus', 'half-open bus');
    }
    const [own, peer] = report.outcomes;
    expect(Object.values(own?.stale ?? {})).to.deep.equal([0, 0, 0, 0]);
    expect(own?.stampede).to.deep.equal({ loads: 1, most: 1 });
    expect(peer?.stale).to.include({ 'slow loader': 1, 'half-open bus': 1 });
    // Two loads, or one if the second instance began after the load of the first.
    expect(peer?.stampede.loads).to.be.within(1, 2);
    expect(report.thresholds.map(({ scenario }) => scenario)).to.include.members([
      ...['slow loader', 'read in flight', 'cut bus', 'half-open bus'],
      ...['L1 hits', 'L2 hits', 'invalidation', 'stampede'],
    ]);
    expect(figureTable(report).rows).to.have.length(2);
    expect(markdownReport(report)).to.contain('layered-loader');
    expect(svgReport(report)).to.match(/^<svg .*layered-loader.*<\/svg>\n$/s);
  });
});
