import { expect } from 'chai';
import { array, assert, integer, property, record } from 'fast-check';
import { Replacements } from '../../../src/application/staleness/replacements.js';
import { StalenessJudge } from '../../../src/application/staleness/staleness-judge.js';
import { StalenessSummary } from '../../../src/application/staleness/staleness-summary.js';

describe('The judge of staleness', () => {
  const read = (version: number, beganMs: number) => ({ resource: 'a', version, beganMs });

  it('counts from the answer of the write to the beginning of the read', () => {
    const judge = new StalenessJudge();
    judge.acknowledged('a', 2, 100);
    expect(judge.stalenessMs(read(1, 130))).to.equal(30);
    expect(judge.stalenessMs(read(2, 130))).to.equal(0);
    expect(judge.stalenessMs({ ...read(1, 130), resource: 'b' })).to.equal(0);
  });

  it('calls no answer stale whose read began before the write was answered', () => {
    const judge = new StalenessJudge();
    judge.acknowledged('a', 2, 100);
    expect(judge.stalenessMs(read(1, 99))).to.equal(0);
  });

  it('counts from the first write that replaced the answered value, not from the last', () => {
    const judge = new StalenessJudge();
    for (const version of [2, 3, 4]) judge.acknowledged('a', version, version * 100);
    expect(judge.stalenessMs(read(1, 450))).to.equal(250);
    expect(judge.stalenessMs(read(3, 450))).to.equal(50);
  });

  it('treats a write without an answer as unknown until an answer shows it', () => {
    const judge = new StalenessJudge();
    judge.acknowledged('a', 1, 10);
    expect(judge.stalenessMs(read(1, 1_000))).to.equal(0);
    expect(judge.stalenessMs(read(2, 1_000))).to.equal(0);
    judge.shown({ ...read(2, 180), endedMs: 200 });
    expect(judge.stalenessMs(read(1, 1_000))).to.equal(800);
  });

  it('uses what an answer proves that arrived before an earlier one', () => {
    const judge = new StalenessJudge();
    judge.acknowledged('a', 3, 300);
    judge.acknowledged('a', 2, 400);
    expect(judge.stalenessMs(read(1, 450))).to.equal(150);
  });
});

describe('Replacements', () => {
  const observation = record({
    version: integer({ min: 0, max: 12 }),
    atMs: integer({ min: 0, max: 40 }),
  });

  it('name the time at which the first greater version was known', () => {
    void assert(
      property(array(observation, { maxLength: 30 }), (observations) => {
        const replacements = new Replacements();
        for (const { version, atMs } of observations) replacements.known(version, atMs);
        for (let version = -1; version < 13; version++) {
          const later = observations.filter((one) => one.version > version);
          const expected = later.length > 0 ? Math.min(...later.map((one) => one.atMs)) : undefined;
          expect(replacements.replacedAt(version)).to.equal(expected);
        }
      }),
    );
  });

  it('remove the oldest steps beyond their limit', () => {
    const replacements = new Replacements(2);
    for (const version of [1, 2, 3]) replacements.known(version, version * 10);
    expect(replacements.replacedAt(0)).to.equal(20);
    expect(replacements.replacedAt(2)).to.equal(30);
  });
});

describe('A summary of staleness', () => {
  it('counts a current answer as 0', () => {
    const summary = new StalenessSummary(100);
    for (let i = 0; i < 98; i++) summary.add(0);
    summary.add(50);
    summary.add(150);
    expect(summary.figures).to.deep.equal({
      answers: 100,
      stale: 2,
      p99Ms: 50,
      worstMs: 150,
      beyondBound: 1,
    });
  });

  it('has no stale answer before the first answer', () => {
    expect(new StalenessSummary(100).figures).to.include({ answers: 0, worstMs: 0, p99Ms: 0 });
  });
});
