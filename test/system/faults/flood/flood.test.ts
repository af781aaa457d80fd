import { expect } from 'chai';
import { floodScenario, reportFlood } from '../scenarios/flood.js';
import { brokenClaims } from '../support/fault-scenario.js';
import { details } from '../support/summary.js';
import type { FloodOutcome } from './flood-connection.js';
import { type FloodEvidence, type FloodRound, judgeAnswers, judgeTimes } from './judge-flood.js';

describe('An instance in a flood of requests', () => {
  it('serves who is within the limits, refuses all else with 429 or 503, and needs little memory', async () => {
    const sizes = { rounds: 1, slowClients: 20, connections: 100, heapMb: 256 };
    // A busy machine is late by itself, so nothing here depends on times.
    const busy = { usualShare: 0.05, userShare: 0.2, maxDelayMs: 0, judgesTimes: false };
    const outcome = await reportFlood({ seconds: 6, seed: 0 }, { ...sizes, ...busy });
    const shown = details({ scenario: floodScenario, outcome });
    expect(brokenClaims(outcome), shown).to.deep.equal([]);
  });
});

describe('The judge of a flood', () => {
  const served = (ms: number) => ({ times: Array<number>(100).fill(ms), refusals: {} });
  const flooded = (statuses: Record<number, number>): FloodOutcome => ({
    ...{ sent: 10_000, heldBack: 0, withoutRetryAfter: 0, lost: 0 },
    statuses,
  });
  const few = { ...flooded({ 201: 100, 429: 9_900 }), seconds: 10 };
  const round: FloodRound = {
    ...{ before: served(10), during: served(30), after: served(9) },
    flood: few,
  };
  const good: FloodEvidence = {
    ...{ capacity: 100, rounds: [round, round, round] },
    everywhere: flooded({ 200: 5_000, 503: 5_000 }),
    ...{ afterAll: served(11), memoryMb: 300, maxMemoryMb: 556, hasEnded: false },
  };
  /** The same in each round. */
  const inRounds = (change: Partial<FloodRound>) => ({
    rounds: good.rounds.map((known) => ({ ...known, ...change })),
  });
  const broken = (change: Partial<FloodEvidence>) => {
    const evidence = { ...good, ...change };
    const verdicts = [...judgeAnswers(evidence), ...judgeTimes(evidence)];
    return verdicts.filter((verdict) => verdict.broken.length > 0).length;
  };

  it('finds nothing wrong with a good run', () => {
    expect(broken({})).to.equal(0);
  });

  it('accepts one round of three in which the machine was slow', () => {
    const rounds = [round, { ...round, during: served(300), after: served(300) }, round];
    expect(broken({ rounds })).to.equal(0);
  });

  const faults: Readonly<Record<string, Partial<FloodEvidence>>> = {
    'an instance that ended': { hasEnded: true },
    'a customer who is refused': inRounds({ during: { ...served(10), refusals: { 503: 1 } } }),
    'a customer who got no answer': inRounds({ during: { ...served(10), failure: 'closed' } }),
    'a customer who was refused in one round': {
      rounds: [round, round, { ...round, after: { ...served(10), refusals: { 503: 1 } } }],
    },
    'customers who sent nothing': inRounds({ before: { times: [], refusals: {} } }),
    'a flood that nothing refused': inRounds({ flood: { ...few, statuses: { 201: 10_000 } } }),
    'a flood that was refused altogether': inRounds({
      flood: { ...few, statuses: { 429: 10_000 } },
    }),
    'an error that is no refusal': { everywhere: flooded({ 200: 1, 503: 1, 500: 1 }) },
    'a refusal that does not say when to try again': {
      everywhere: { ...flooded({ 200: 1, 503: 1 }), withoutRetryAfter: 1 },
    },
    'too much memory': { memoryMb: 600 },
    'a memory that was never read': { memoryMb: 0 },
    'a flood that was none': inRounds({ flood: { ...few, sent: 5_000 } }),
    'an unknown capacity': { capacity: 0 },
    'answers that are too slow': inRounds({ during: served(31) }),
    'answers that are too slow in two of three rounds': {
      rounds: [round, { ...round, during: served(31) }, { ...round, during: served(31) }],
    },
    'a slow recovery': inRounds({ after: served(31) }),
    'a slow recovery from the second flood': { afterAll: served(31) },
    'no load shedding': { everywhere: flooded({ 200: 10_000 }) },
  };
  for (const [fault, change] of Object.entries(faults)) {
    it(`finds ${fault}`, () => {
      expect(broken(change)).to.be.above(0);
    });
  }
});
