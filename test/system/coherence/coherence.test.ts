import { expect } from 'chai';
import { coherenceTrial, type TrialResult } from './coherence-trial.js';
import { allFaults } from './faults.js';
import { renderTrial } from './report.js';
import { shortTrial } from './trials.js';

const SEED = Number(process.env['COHERENCE_SEED'] ?? Date.now() % 1_000_000);

describe(`Two instances under load during a series of faults, seed ${SEED}`, function () {
  this.timeout(240_000);
  let result: TrialResult;

  before(async () => {
    result = await coherenceTrial({ ...shortTrial, seconds: 12, seed: SEED });
  });

  it('never serve a value that was replaced longer ago than the staleness bound', () => {
    const { beyondBound } = result.verdict;
    const evidence = beyondBound.slice(0, 3).map((read) => JSON.stringify(read));
    expect(beyondBound, `${renderTrial(result)}\n${evidence.join('\n')}`).to.have.length(0);
  });

  it('were tested during every fault, with enough reads and writes', () => {
    const names = result.phases.map(({ name }) => name);
    expect(names).to.include.members(allFaults.map(({ name }) => name));
    const all = result.verdict.between(0, Number.POSITIVE_INFINITY);
    expect(all.answers, renderTrial(result)).to.be.greaterThan(300);
    expect(all.writes).to.be.greaterThan(20);
    // Without hits nothing could be stale.
    expect(all.hits).to.be.greaterThan(all.answers / 10);
  });
});
