import { expect } from 'chai';
import { redisAway, reportOutage } from './scenarios/redis-away.js';
import { brokenClaims } from './support/fault-scenario.js';
import { details } from './support/summary.js';

describe('Two instances whose Redis goes away under load', function () {
  this.timeout(240_000);

  it('go on taking orders, oversell nothing, and take up the lock again by themselves', async () => {
    // What a machine can do that is busy with other tests.
    const demands = { everyMs: 100, breakerMs: 4_000 };
    const outcome = await reportOutage({ seconds: 3, seed: 0 }, demands);
    const shown = details({ scenario: redisAway, outcome });
    expect(brokenClaims(outcome), shown).to.deep.equal([]);
  });
});
