import { expect } from 'chai';
import { rollingUpgrade } from '../faults/scenarios/rolling-upgrade.js';
import { brokenClaims } from '../faults/support/fault-scenario.js';
import { details } from '../faults/support/summary.js';
import { runUpgrade } from './rolling-upgrade.js';

describe('An upgrade from the last released version, one instance after the other', function () {
  this.timeout(240_000);

  it('fails no request through nginx, and loses nothing', async () => {
    const outcome = await runUpgrade({ seconds: 0, rate: 6 });
    const shown = [...outcome.done, details({ scenario: rollingUpgrade, outcome })].join('\n');
    expect(brokenClaims(outcome), shown).to.deep.equal([]);
  });
});
