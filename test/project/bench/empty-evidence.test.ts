import { expect } from 'chai';
import { layeredLoader } from '../../../bench/cache/contestants/layered-loader.js';
import { lockstep } from '../../../bench/cache/contestants/lockstep.js';
import type { Outcome } from '../../../bench/cache/outcome.js';
import { judge as judgeCaches } from '../../../bench/cache/thresholds/judge.js';
import { passedCount } from '../../../bench/comparison.js';
import { inMemory } from '../../../bench/locks/contestants/in-memory.js';
import { lockstepCohort } from '../../../bench/locks/contestants/lockstep-cohort.js';
import { lockstepPubsub } from '../../../bench/locks/contestants/lockstep-pubsub.js';
import { rawFloor } from '../../../bench/locks/contestants/raw-floor.js';
import { CONTESTANTS } from '../../../bench/locks/contestants.js';
import { HUNDRED, ONE_BY_ONE, SIXTY_FOUR } from '../../../bench/locks/plan.js';
import { analyse } from '../../../bench/locks/report/analysis.js';
import type { Result } from '../../../bench/locks/report/result.js';
import { summarise } from '../../../bench/locks/report/summary.js';
import { judge as judgeLocks } from '../../../bench/locks/thresholds/judge.js';
import { ALL_CONTENDED } from '../../../bench/locks/thresholds/lockstep-summaries.js';
import type { LoadResult } from '../../../bench/report/load/measure-load.js';
import { loadSection } from '../../../bench/report/page/load-section.js';
import type { CacheReport } from '../../../bench/report/report.js';

const SCENARIOS = [ONE_BY_ONE, SIXTY_FOUR, ...ALL_CONTENDED];
const OWN = [lockstepCohort, lockstepPubsub];
const OTHERS = [rawFloor, inMemory, ...CONTESTANTS.filter(({ kind }) => kind === 'peer')];

const noLog = {
  sections: new Float64Array(),
  refusals: new Float64Array(),
  waiting: new Float64Array(),
  failures: [],
};

/** The results of a run in which no waiter got the lock. */
function nothing(contestants: readonly { readonly id: string }[]): Result[] {
  return contestants.flatMap(({ id }) =>
    SCENARIOS.map((scenario) => ({
      ...{ contestant: id, scenario: scenario.id, repetition: 0 },
      ...{ commandsPerSection: Number.NaN, roundTripsPerSection: Number.NaN },
      redisCpuUsPerSection: Number.NaN,
      ...analyse([noLog], HUNDRED, { from: 0, to: 1_000 }),
    })),
  );
}

function passed(results: readonly Result[], promise: RegExp): string[] {
  const thresholds = judgeLocks(summarise(results)).filter((threshold) =>
    promise.test(threshold.promise),
  );
  expect(thresholds).not.to.have.lengthOf(0);
  return thresholds
    .filter((threshold) => threshold.passed)
    .map((threshold) => `${threshold.promise}: ${threshold.measured}`);
}

const outcome = (contestant: string): Outcome => ({
  ...{ contestant, l1: [], l2: [], latency: [], stale: {} },
  stampede: { loads: Number.NaN, most: Number.NEGATIVE_INFINITY },
});

describe('The thresholds of the benchmarks, without measurements,', () => {
  it('are not passed by a lock that no waiter got', () => {
    expect(passed(nothing([...OWN, ...OTHERS]), /./)).to.deep.equal([]);
  });

  it('are not passed by a lock that is compared with a lock without sections', () => {
    const busy = nothing(OWN).map((one) => ({ ...one, sections: 9, sectionsPerSecond: 9 }));
    expect(passed([...busy, ...nothing(OTHERS)], /sections\/s|pairs\/s/)).to.deep.equal([]);
  });

  it('are not passed by a cache that was not measured', () => {
    const thresholds = judgeCaches([outcome(lockstep.id), outcome(layeredLoader.id)]);
    expect(thresholds.map(({ scenario }) => scenario)).to.include.members(['cut bus', 'L1 hits']);
    expect(thresholds.filter((threshold) => threshold.passed)).to.deep.equal([]);
  });

  it('are not counted as passed when no figure exists', () => {
    expect(passedCount([])).to.match(/^no threshold was checked/);
    expect(passedCount([{ passed: true }, { passed: false }])).to.equal('1 of 2 thresholds passed');
  });
});

describe('The report, without measurements,', () => {
  const load = {
    ...{ scenario: 'steady', title: 'pages of products', mode: 'on', failures: 0 },
    ...{ requestsPerSecond: 0, rates: [0], p50: Number.NaN, p99: Number.NaN },
    ...{ questionsPerRequest: Number.NaN, selectsPerRequest: Number.NaN },
    ...{ l1Share: Number.NaN, l2Share: Number.NaN },
  } satisfies LoadResult;
  const pageOf = (loads: readonly LoadResult[]) =>
    loadSection({ loads, reads: [], dataset: { lines: 1 } } as unknown as CacheReport);

  it('does not say that no request failed', () => {
    expect(pageOf([])).to.include('No evidence: nothing was measured.');
    const page = pageOf([{ ...load, requestsPerSecond: 9 }, load]);
    expect(page).to.include('No evidence: no request was answered in pages of products (on).');
    expect(page).not.to.include('No request failed');
  });

  it('says that no request failed when requests were answered', () => {
    expect(pageOf([{ ...load, requestsPerSecond: 9 }])).to.include('No request failed.');
  });
});
