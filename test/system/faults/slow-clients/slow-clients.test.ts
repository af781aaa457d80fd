import { expect } from 'chai';
import { reportSlowClients, slowClients } from '../scenarios/slow-clients.js';
import { brokenClaims } from '../support/fault-scenario.js';
import { details } from '../support/summary.js';

describe('An instance among clients that read nothing or send slowly', () => {
  it('needs little memory, serves other clients, and closes the connections of slow ones', async () => {
    const population = { readers: 30, idle: 60, writers: 6, heapMb: 256 };
    const limits = { headersMs: 1_000, requestMs: 2_000, stallMs: 1_500, lateMs: 30_000 };
    const outcome = await reportSlowClients({ seconds: 1, seed: 0 }, { ...population, ...limits });
    const shown = details({ scenario: slowClients, outcome });
    expect(brokenClaims(outcome), shown).to.deep.equal([]);
  });
});
