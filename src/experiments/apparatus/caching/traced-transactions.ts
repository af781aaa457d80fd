import { type OpenTransaction, TransactionPort } from '../../../domain/ports/transaction-port.js';
import type { Note } from '../timeline.js';

/** Other transactions, with their commits written down. */
export class TracedTransactions extends TransactionPort {
  /** What an instance does right behind a commit, before anything else. */
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
