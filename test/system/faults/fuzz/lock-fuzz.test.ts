import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import { judge } from '../judge/judge.js';
import { lockFuzz, runLockFuzz } from '../scenarios/lock-fuzz.js';
import { brokenClaims } from '../support/fault-scenario.js';
import { details } from '../support/summary.js';
import type { Plant } from './planted.js';

describe('The lock fuzz', function () {
  this.timeout(240_000);

  it('breaks no promise of the lock or the database', async () => {
    const seed = randomInt(2 ** 31);
    const outcome = await lockFuzz.run({ seconds: 5, seed });
    const shown = `--seed ${seed}\n${details({ scenario: lockFuzz, outcome })}`;
    expect(brokenClaims(outcome), shown).to.deep.equal([]);
    expect(outcome.done, shown).to.have.lengthOf.at.least(3);
  });

  for (const [plants, caught] of [
    [['free-lock'], ['no two unexpired holders of a key', 'fencing tokens rise']],
    [
      ['free-lock', 'no-guards'],
      ['no two unexpired holders of a key', 'fencing tokens rise', 'no update lost or invented'],
    ],
  ] satisfies [Plant[], string[]][]) {
    it(`catches ${plants.join(' and ')}, planted`, async () => {
      const small = { processes: 2, waiters: 10, faults: [], plants };
      let broken: string[] = [];
      // On a slow machine a planted fault may need a second to do harm.
      for (let seconds = 1; seconds <= 4 && broken.length < caught.length; seconds += 1) {
        const verdicts = judge(await runLockFuzz({ ...small, seconds, seed: seconds }));
        broken = verdicts.flatMap((verdict) => (verdict.broken.length > 0 ? verdict.claim : []));
      }
      expect(broken).to.deep.equal(caught);
    });
  }
});
