import type { LockExperiment } from '../../experiment.js';
import { chargesAtOnce } from '../../support/locking/charges-at-once.js';
import { charge, WALLET } from '../../support/locking/wallet-work.js';

/**
 * This is what an annotation on a method inside a transactional service does: the transaction
 * begins, and then the method waits for its lock. The lock works, and the holders come one after
 * another. Still, each reads from the snapshot that its transaction took before the lock was
 * granted, so from before the commit of the previous holder.
 *
 * Every waiter also holds a database connection, so one hot key uses up the pool.
 */
export const transactionBeforeLock: LockExperiment = {
  id: 'transaction-before-lock',
  title: 'Transaction begun before the lock',
  question: 'The lock lets one in at a time. Why is what it reads old?',
  ...chargesAtOnce(async ({ locks, transactions }) => {
    const tx = await transactions.begin();
    const lease = await locks.acquire([WALLET]);
    await charge(tx);
    await tx.commit();
    await lease.release();
  }),
};
