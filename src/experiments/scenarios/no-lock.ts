import { chargesAtOnce } from '../apparatus/charges-at-once.js';
import { charge } from '../apparatus/wallet-work.js';
import type { LockExperiment } from '../experiment.js';

/**
 * All requests read 100, all write 110, all commit. Each transaction is atomic and isolated, as
 * rejectOnThrow: none sees half of another. But nothing promises that what was read is still true when
 * it is written, so the last writer replaces what the others wrote.
 */
export const noLock: LockExperiment = {
  id: 'no-lock',
  title: 'No lock',
  question: 'Do transactions alone keep two charges apart?',
  run: chargesAtOnce(async ({ transactions }) => {
    const tx = await transactions.begin();
    await charge(tx);
    await tx.commit();
  }),
};
