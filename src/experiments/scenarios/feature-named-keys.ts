import { atOnce } from '../apparatus/at-once.js';
import { atTheWorst } from '../apparatus/charges-at-once.js';
import { Trial } from '../apparatus/trial.js';
import { ALICE, AMOUNT, charge, pay } from '../apparatus/wallet-work.js';
import type { LockExperiment } from '../experiment.js';

/**
 * Both requests go through the product's own unit of work, every step in its right place. But each
 * feature named the key after itself, so they hold different locks on one wallet and run together.
 * Which of the two is lost is a matter of who writes last.
 */
export const featureNamedKeys: LockExperiment = {
  id: 'feature-named-keys',
  title: 'Keys named after the feature',
  question: 'Every step is in the right order. What does the key name?',
  async run(servers, options = {}) {
    await using trial = await Trial.open(servers, atTheWorst(2, options));
    await atOnce([
      trial.send('charge', ({ unitOfWork }) =>
        unitOfWork.run({ locks: [`charge:${ALICE}`] }, (tx) => charge(tx)),
      ),
      trial.send(
        'pay',
        ({ unitOfWork }) => unitOfWork.run({ locks: [`pay:${ALICE}`] }, (tx) => pay(tx)),
        { change: -AMOUNT },
      ),
    ]);
    return [await trial.report('a charge and a payment at once')];
  },
};
