import { chargesAtOnce } from '../apparatus/charges-at-once.js';
import { charge, WALLET } from '../apparatus/wallet-work.js';
import type { LockExperiment } from '../experiment.js';

/**
 * The product's own unit of work on the same unguarded table and under the same worst moments:
 * lock, transaction, work, lease check, commit, release. Nobody begins before the previous holder
 * has committed, so everybody reads what the previous one wrote.
 */
export const rightOrder: LockExperiment = {
  id: 'right-order',
  title: 'The right order',
  question: 'When does each request begin, and what does it read?',
  run: chargesAtOnce(({ unitOfWork }) => unitOfWork.run({ locks: [WALLET] }, (tx) => charge(tx))),
};
