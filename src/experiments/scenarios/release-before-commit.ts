import { chargesAtOnce } from '../apparatus/charges-at-once.js';
import { charge, WALLET } from '../apparatus/wallet-work.js';
import type { LockExperiment } from '../experiment.js';

/**
 * The lock is given back when the method returns, the commit comes after it. In between the next
 * holder begins and reads, and what the previous one wrote is not committed yet, so it cannot see
 * it. Its own write waits for that commit, and then replaces it.
 */
export const releaseBeforeCommit: LockExperiment = {
  id: 'release-before-commit',
  title: 'Lock released before the commit',
  question: 'Read and write are both inside the lock. What is missing?',
  run: chargesAtOnce(async ({ locks, transactions }) => {
    const lease = await locks.acquire([WALLET]);
    const tx = await transactions.begin();
    await charge(tx);
    await lease.release();
    await tx.commit();
  }),
};
