import { expect } from 'chai';
import { Milestone } from '../../src/experiments/apparatus/milestone.js';
import { Timeline } from '../../src/experiments/apparatus/timeline.js';
import { jainIndex, percentile } from '../../src/experiments/apparatus/wait-figures.js';

describe('A timeline', () => {
  it('counts from its first step and sorts what came late', () => {
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

  it('is empty before anything has happened', () => {
    expect(new Timeline().events).to.deep.equal([]);
  });
});

describe('A milestone', () => {
  it('lets those who wait go on once enough have passed', async () => {
    const milestone = new Milestone();
    const reached = milestone.reachedBy(2, 60_000);
    milestone.pass();
    milestone.pass();
    expect(milestone.passed).to.equal(2);
    await reached;
    await milestone.reachedBy(2, 60_000);
  });

  it('lets them go on when their patience is over', async () => {
    await new Milestone().reachedBy(1, 1);
  });
});

describe('The figures of waiting', () => {
  it('name the value that a share does not exceed', () => {
    const values = [40, 10, 30, 20];
    expect([0, 0.5, 0.51, 1].map((share) => percentile(values, share))).to.deep.equal([
      10, 20, 30, 40,
    ]);
    expect(percentile([], 0.5)).to.be.NaN;
  });

  it('call it fair when all got as much, and 1/n when one got it all', () => {
    expect(jainIndex([7, 7, 7])).to.equal(1);
    expect(jainIndex([9, 0, 0])).to.be.closeTo(1 / 3, 1e-12);
  });
});
