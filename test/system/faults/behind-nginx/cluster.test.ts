import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import { clusterFaults } from '../scenarios/behind-nginx/cluster-faults.js';
import { brokenClaims } from '../support/fault-scenario.js';
import { details } from '../support/summary.js';
import { runFault, scenarioOf } from './cluster-fault.js';
import { type FaultCluster, startFaultCluster } from './fault-cluster.js';

/** The short version: one cluster for all faults, with less load than a laptop can handle. */
const SECONDS = 2;
const RATES = { reads: 40, orders: 12 };

describe('Two instances behind nginx', function () {
  this.timeout(240_000);
  let cluster: FaultCluster;

  before(async () => {
    cluster = await startFaultCluster();
  });

  after(() => cluster?.close());

  for (const fault of clusterFaults.filter(({ rates }) => rates === undefined)) {
    it(`keep their promises when ${fault.title}`, async () => {
      const seed = randomInt(2 ** 31);
      const outcome = await runFault(fault, cluster, { seconds: SECONDS, seed, rates: RATES });
      const shown = `--seed ${seed}\n${details({ scenario: scenarioOf(fault), outcome })}`;
      expect(brokenClaims(outcome), shown).to.deep.equal([]);
      expect(outcome.done, shown).not.to.have.lengthOf(0);
    });
  }
});
