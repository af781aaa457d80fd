import type { StepOrder } from '../../support/locking/timeline-request.js';
import { compareAndSet, overwrite, type SaveWallet } from '../../support/locking/wallet-table.js';
import { charge, WALLET } from '../../support/locking/wallet-work.js';

export type HolderVariant = 'lock alone' | 'lease check' | 'version guard';

interface Holder {
  readonly save: SaveWallet;
  /** The holder pauses in `afterRead`. */
  readonly order: (afterRead?: () => void) => StepOrder;
}

/** The right order, written by hand, without a check whether the lease is still held. */
const unchecked: Holder['order'] =
  (afterRead) =>
  async ({ locks, transactions }) => {
    const lease = await locks.acquire([WALLET]);
    const tx = await transactions.begin();
    await charge(tx, afterRead);
    await tx.commit();
    await lease.release();
  };

/** The product's own unit of work, which checks the lease before it commits. */
const checked: Holder['order'] =
  (afterRead) =>
  ({ unitOfWork }) =>
    unitOfWork.run({ locks: [WALLET] }, (tx) => charge(tx, afterRead));

/** The guards of the holder besides its lock. Each guard is tried without the other. */
export const holderVariants: Readonly<Record<HolderVariant, Holder>> = {
  'lock alone': { save: overwrite, order: unchecked },
  'lease check': { save: overwrite, order: checked },
  'version guard': { save: compareAndSet, order: unchecked },
};
