import { expect } from 'chai';
import { Barrier } from '../../../src/experiments/support/locking/worst-case-pauses.js';
import { Timeline } from '../../../src/experiments/support/timeline.js';
import {
  distribution,
  jainIndex,
  percentile,
} from '../../../src/experiments/support/wait-figures.js';

describe('A timeline', () => {
  it('counts from its first step and sorts steps that were recorded late', () => {
    let nowMs = 1_000;
    const timeline = new Timeline(() => nowMs);
    const one = timeline.noteFor('R1');
    const other = timeline.noteFor('R2');
    one('waiting', 'wallet:alice');
    nowMs = 1_030;
    one('begun');
    other('read', 100, 1_010);
    expect(timeline.events).to.deep.equal([
      { atMs: 0, request: 'R1', step: 'waiting', detail: 'wallet:alice' },
      { atMs: 10, request: 'R2', step: 'read', detail: 100 },
      { atMs: 30, request: 'R1', step: 'begun' },
    ]);
  });

  it('is empty before the first step', () => {
    expect(new Timeline().events).to.deep.equal([]);
  });
});

describe('A barrier between requests', () => {
  it('resumes the waiting requests once enough have passed', async () => {
    const barrier = new Barrier();
    const reached = barrier.reachedBy(2, 60_000);
    barrier.pass();
    barrier.pass();
    expect(barrier.passed).to.equal(2);
    await reached;
    await barrier.reachedBy(2, 60_000);
  });

  it('resumes the waiting requests after the longest pause', async () => {
    await new Barrier().reachedBy(1, 1);
  });
});

describe('The figures of waiting times', () => {
  it('give the value that a share of the values does not exceed', () => {
    const values = [40, 10, 30, 20];
    expect([0, 0.5, 0.51, 1].map((share) => percentile(values, share))).to.deep.equal([
      10, 20, 30, 40,
    ]);
    expect(percentile([], 0.5)).to.be.NaN;
    const shares = distribution(values);
    expect([shares.length, shares[0], shares[100]]).to.deep.equal([
      101,
      Math.min(...values),
      Math.max(...values),
    ]);
    expect(shares).to.deep.equal(shares.toSorted((one, other) => one - other));
    expect(distribution([])).to.deep.equal([]);
  });

  it('give a fairness of 1 when all got the same, and 1/n when one got all', () => {
    expect(jainIndex([7, 7, 7])).to.equal(1);
    expect(jainIndex([9, 0, 0])).to.be.closeTo(1 / 3, 1e-12);
  });
});
