import { expect } from 'chai';
import { cardSaga, crashAt } from '../scenarios/card-saga.js';
import { brokenClaims } from '../support/fault-scenario.js';
import { Random } from '../support/random.js';
import { details } from '../support/summary.js';
import { type CrashPoint, crashPoints } from './crash-point.js';

const SEED = Number(process.env['CARD_SAGA_SEED'] ?? 20_260_116);

/**
 * The most dangerous points: something was done on one side, and the other side does not know it
 * yet.
 */
const CHOSEN: readonly string[] = [
  'after authorise',
  'after CONFIRMED',
  'after capture',
  'after VOIDING',
  'after REFUNDING',
];

const isChosen = ({ when, step }: CrashPoint) => CHOSEN.includes(`${when} ${step}`);

describe('An instance that is killed at each step of card payments', function () {
  this.timeout(300_000);

  it('charges exactly the price of the paid orders, together with the instance that follows it', async () => {
    const outcome = await crashAt(crashPoints.filter(isChosen), new Random(SEED));
    expect(brokenClaims(outcome), details({ scenario: cardSaga, outcome })).to.deep.equal([]);
  });
});
