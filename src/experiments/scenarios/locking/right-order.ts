import type { LockExperiment } from '../../experiment.js';
import { chargesAtOnce } from '../../support/locking/charges-at-once.js';
import { charge, WALLET } from '../../support/locking/wallet-work.js';

/**
 * The product's own unit of work on the same unguarded table and under the same worst-case
 * pauses: lock, transaction, work, lease check, commit, release. No request begins before the previous
 * holder has committed, so each reads what the previous one wrote.
 */
export const rightOrder: LockExperiment = {
  id: 'right-order',
  title: 'The right order',
  question: 'When does each request begin, and what does it read?',
  ...chargesAtOnce(({ unitOfWork }) => unitOfWork.run({ locks: [WALLET] }, (tx) => charge(tx))),
};
