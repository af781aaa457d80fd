import { expect } from 'chai';
import { brokenClaims } from './fault-scenario.js';
import { redisAway } from './redis-away.js';
import { details } from './summary.js';

describe('Two instances whose Redis goes away under load', function () {
  this.timeout(240_000);

  it('go on taking orders, oversell nothing, and take up the lock again by themselves', async () => {
    const outcome = await redisAway.run({ seconds: 3, seed: 0 });
    const shown = details({ scenario: redisAway, outcome });
    expect(brokenClaims(outcome), shown).to.deep.equal([]);
  });
});
