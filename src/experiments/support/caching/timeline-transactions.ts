import { type OpenTransaction, TransactionPort } from '../../../domain/ports/transaction-port.js';
import type { Note } from '../timeline.js';

/** Wraps transactions and records their commits. */
export class TimelineTransactions extends TransactionPort {
  /** Runs right after a commit. */
  afterCommit: () => Promise<void> = async () => {};

  constructor(
    private readonly inner: TransactionPort,
    private readonly note: Note,
  ) {
    super();
  }

  override async begin(rowKeys?: readonly string[]): Promise<OpenTransaction> {
    const transaction = await this.inner.begin(rowKeys);
    return {
      ...transaction,
      commit: async () => {
        await transaction.commit();
        this.note('committed');
        await this.afterCommit();
      },
    };
  }
}
