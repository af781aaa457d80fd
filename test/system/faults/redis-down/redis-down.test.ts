import { expect } from 'chai';
import { redisDown, reportOutage } from '../scenarios/redis-down.js';
import { brokenClaims } from '../support/fault-scenario.js';
import { details } from '../support/summary.js';

describe('Two instances whose Redis goes down under load', function () {
  this.timeout(240_000);

  it('continue to take orders, oversell nothing, and use the lock again by themselves', async () => {
    // Limits for a machine that is busy with other tests.
    const demands = { everyMs: 100, breakerMs: 4_000 };
    const outcome = await reportOutage({ seconds: 3, seed: 0 }, demands);
    const shown = details({ scenario: redisDown, outcome });
    expect(brokenClaims(outcome), shown).to.deep.equal([]);
  });
});
