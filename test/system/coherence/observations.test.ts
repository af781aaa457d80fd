import { expect } from 'chai';
import { Observations } from './observations.js';

const read = {
  ...{ resource: 'a', version: 1, instance: 0, beganMs: 1, endedMs: 2 },
  cache: 'lockstep-l1; hit',
};
const write = { resource: 'a', version: 1, atMs: 1 };

function missing(reads: Observations['reads'], writes: Observations['writes']): readonly string[] {
  const observations = new Observations();
  observations.reads.push(...reads);
  observations.writes.push(...writes);
  return observations.judge(1_000).missingEvidence;
}

describe('What a coherence trial observed', () => {
  it('is no evidence without answers, hits and writes', () => {
    expect(missing([], [])).to.deep.equal([
      'no answers to reads',
      'no hits of the cache',
      'no writes',
    ]);
    expect(missing([{ ...read, cache: 'lockstep; fwd=bypass' }], [write])).to.deep.equal([
      'no hits of the cache',
    ]);
    expect(missing([read], [])).to.deep.equal(['no writes']);
  });

  it('is evidence with each of them', () => {
    expect(missing([read], [write])).to.deep.equal([]);
  });
});
