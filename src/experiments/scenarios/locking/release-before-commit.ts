import type { LockExperiment } from '../../experiment.js';
import { chargesAtOnce } from '../../support/locking/charges-at-once.js';
import { charge, WALLET } from '../../support/locking/wallet-work.js';

/**
 * The lock is released when the method returns, and the commit comes after it. In between the next
 * holder begins and reads. It cannot see the write of the previous one, which is not committed yet.
 * Its own write waits for that commit, and then replaces the value.
 */
export const releaseBeforeCommit: LockExperiment = {
  id: 'release-before-commit',
  title: 'Lock released before the commit',
  question: 'Read and write are both inside the lock. What is missing?',
  ...chargesAtOnce(async ({ locks, transactions }) => {
    const lease = await locks.acquire([WALLET]);
    const tx = await transactions.begin();
    await charge(tx);
    await lease.release();
    await tx.commit();
  }),
};
