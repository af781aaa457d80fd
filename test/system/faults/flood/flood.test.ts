import { expect } from 'chai';
import { floodScenario, reportFlood } from '../scenarios/flood.js';
import { brokenClaims } from '../support/fault-scenario.js';
import { details } from '../support/summary.js';
import type { FloodOutcome } from './flood-connection.js';
import { type FloodEvidence, judgeAnswers, judgeTimes } from './judge-flood.js';

describe('An instance in a flood of requests', () => {
  it('serves who is within the limits, refuses all else with 429 or 503, and needs little memory', async () => {
    const sizes = { slowClients: 20, connections: 100, heapMb: 256 };
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
  const good: FloodEvidence = {
    ...{ capacity: 100, usual: served(10), during: served(30), after: served(9) },
    few: { ...flooded({ 201: 100, 429: 9_900 }), seconds: 10 },
    everywhere: flooded({ 200: 5_000, 503: 5_000 }),
    ...{ afterAll: served(11), memoryMb: 300, maxMemoryMb: 556, hasEnded: false },
  };
  const broken = (change: Partial<FloodEvidence>) => {
    const evidence = { ...good, ...change };
    const verdicts = [...judgeAnswers(evidence), ...judgeTimes(evidence)];
    return verdicts.filter((verdict) => verdict.broken.length > 0).length;
  };

  it('finds nothing wrong with a good run', () => {
    expect(broken({})).to.equal(0);
  });

  const faults: Readonly<Record<string, Partial<FloodEvidence>>> = {
    'an instance that ended': { hasEnded: true },
    'a customer who is refused': { during: { ...served(10), refusals: { 503: 1 } } },
    'a customer who got no answer': { during: { ...served(10), failure: 'closed' } },
    'customers who sent nothing': { usual: { times: [], refusals: {} } },
    'a flood that nothing refused': { few: { ...flooded({ 201: 10_000 }), seconds: 10 } },
    'a flood that was refused altogether': { few: { ...flooded({ 429: 10_000 }), seconds: 10 } },
    'an error that is no refusal': { everywhere: flooded({ 200: 1, 503: 1, 500: 1 }) },
    'a refusal that does not say when to try again': {
      everywhere: { ...flooded({ 200: 1, 503: 1 }), withoutRetryAfter: 1 },
    },
    'too much memory': { memoryMb: 600 },
    'a memory that was never read': { memoryMb: 0 },
    'a flood that was none': { few: { ...good.few, sent: 5_000 } },
    'an unknown capacity': { capacity: 0 },
    'answers that are too slow': { during: served(31) },
    'a slow recovery': { after: served(31) },
    'a slow recovery from the second flood': { afterAll: served(31) },
    'no load shedding': { everywhere: flooded({ 200: 10_000 }) },
  };
  for (const [fault, change] of Object.entries(faults)) {
    it(`finds ${fault}`, () => {
      expect(broken(change)).to.be.above(0);
    });
  }
});
