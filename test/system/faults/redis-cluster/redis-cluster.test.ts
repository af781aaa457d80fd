import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import { redisCluster } from '../scenarios/redis-cluster.js';
import { brokenClaims } from '../support/fault-scenario.js';
import { details } from '../support/summary.js';

describe('A Redis Cluster whose masters change under load', function () {
  this.timeout(240_000);

  it('breaks no promise of the lock or the database', async () => {
    const seed = randomInt(2 ** 31);
    const outcome = await redisCluster.run({ seconds: 5, seed });
    const shown = `--seed ${seed}\n${details({ scenario: redisCluster, outcome })}`;
    expect(brokenClaims(outcome), shown).to.deep.equal([]);
  });
});
