import { expect } from 'chai';
import type { RequestSeen } from '../../../support/traffic/request-log.js';
import { allRecover, answersInTime, type Episode, noOtherFailure } from './judge-episodes.js';

const episode: Episode = {
  name: 'nginx killed',
  promisedSeconds: 1,
  from: 1_000,
  repairedAt: 2_000,
  recoveredAt: 3_000,
};

/** Answers at these moments. */
function answers(...moments: number[]): RequestSeen[] {
  return moments.map((at) => ({ kind: 'read', sentAt: at - 5, settledAt: at, status: 200 }));
}

describe('The judge of faults in a replicated cluster', () => {
  const isLate = (requests: readonly RequestSeen[]) =>
    answersInTime([episode], requests).broken.length > 0;

  it('finds a longer time without a successful answer than promised, also at the begin and the end', () => {
    expect(isLate(answers(1_500, 2_400, 2_900))).to.equal(false);
    expect(isLate(answers(1_500, 2_900))).to.equal(true);
    expect(isLate(answers(2_100, 2_900))).to.equal(true);
    expect(isLate(answers(1_500, 1_900))).to.equal(true);
  });

  it('takes more requests than a function takes arguments', () => {
    const many = answers(...Array.from({ length: 1_000 }, (_, i) => 1_001 + i));
    const requests = Array.from({ length: 400 }, () => many).flat();
    const never = { ...episode, recoveredAt: undefined };
    expect(answersInTime([never], requests).broken).to.deep.equal([]);
    expect(answersInTime([episode], requests).broken).to.deep.equal([]);
  });

  it('counts no failed answer as an answer', () => {
    const [first, failed, last] = answers(1_500, 2_200, 2_900) as [
      RequestSeen,
      RequestSeen,
      RequestSeen,
    ];
    for (const status of [0, 503]) {
      expect(isLate([first, { ...failed, status }, last])).to.equal(true);
    }
  });

  it('finds a fault from which the cluster did not recover', () => {
    const never = { ...episode, recoveredAt: undefined, missing: 'no order' };
    expect(allRecover([episode], 9_000).broken).to.deep.equal([]);
    expect(allRecover([episode, never], 9_000).broken).to.deep.equal(['nginx killed: no order']);
  });

  it('accepts refusals with 503 and lost connections, and no other 5xx', () => {
    const [answer] = answers(1_500) as [RequestSeen];
    for (const [status, isAccepted] of [
      [0, true],
      [409, true],
      [500, false],
      [502, false],
      [503, true],
    ]) {
      const { broken } = noOtherFailure([{ ...answer, status: status as number }]);
      expect(broken.length === 0, `${status}`).to.equal(isAccepted);
    }
  });
});
