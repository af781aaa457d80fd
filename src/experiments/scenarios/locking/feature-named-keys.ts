import { anywhere, type LockExperiment } from '../../experiment.js';
import { atOnce } from '../../support/at-once.js';
import { withWorstPauses } from '../../support/locking/charges-at-once.js';
import { WalletRun } from '../../support/locking/wallet-run.js';
import { ALICE, AMOUNT, charge, pay } from '../../support/locking/wallet-work.js';

/**
 * Both requests use the product's own unit of work, with all steps in the right order. But each key
 * is named after a feature, so they hold different locks for one wallet and run at the same time. The
 * one that writes last replaces the other's update.
 */
export const featureNamedKeys: LockExperiment = {
  id: 'feature-named-keys',
  title: 'Keys named after the feature',
  question: 'Every step is in the right order. What does the key name?',
  ...anywhere(async (backend, options = {}) => {
    await using run = await WalletRun.open(backend, withWorstPauses(2, options));
    await atOnce([
      run.send('charge', ({ unitOfWork }) =>
        unitOfWork.run({ locks: [`charge:${ALICE}`] }, (tx) => charge(tx)),
      ),
      run.send(
        'pay',
        ({ unitOfWork }) => unitOfWork.run({ locks: [`pay:${ALICE}`] }, (tx) => pay(tx)),
        { change: -AMOUNT },
      ),
    ]);
    return [await run.report('a charge and a payment at once')];
  }),
};
