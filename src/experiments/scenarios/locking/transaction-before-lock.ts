import type { LockExperiment } from '../../experiment.js';
import { chargesAtOnce } from '../../support/locking/charges-at-once.js';
import { charge, WALLET } from '../../support/locking/wallet-work.js';

/**
 * What an annotation on a method inside a transactional service gives: the transaction begins,
 * then the method waits for its lock. The lock works, the holders come one after another, and
 * still each reads from the snapshot that its transaction took before the lock was granted, from
 * before the previous holder's commit.
 *
 * Every waiter holds a database connection, too, so one hot key drains the pool.
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
