import type { LockExperiment } from '../../experiment.js';
import { chargesAtOnce } from '../../support/locking/charges-at-once.js';
import { charge } from '../../support/locking/wallet-work.js';

/**
 * All requests read 100, all write 110, all commit. Each transaction is atomic and isolated: none sees
 * half of another. But nothing ensures that the value is still the same when it is written back, so
 * the last writer replaces what the others wrote.
 */
export const noLock: LockExperiment = {
  id: 'no-lock',
  title: 'No lock',
  question: 'Do transactions alone keep two charges apart?',
  ...chargesAtOnce(async ({ transactions }) => {
    const tx = await transactions.begin();
    await charge(tx);
    await tx.commit();
  }),
};
