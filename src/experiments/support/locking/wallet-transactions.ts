import { TransactionPort } from '../../../domain/ports/transaction-port.js';
import type { Note } from '../timeline.js';
import type { WalletFixture } from './wallet-fixture.js';
import { WalletTransaction } from './wallet-transaction.js';
import { ALICE, WALLET } from './wallet-work.js';

/**
 * Transactions of one request on the table of the run. Each step is recorded.
 *
 * The first query takes the snapshot from which all later ones read. So `begin` includes a first query:
 * it checks whether the customer has a wallet, as a request with an access check would do.
 */
export class WalletTransactions extends TransactionPort {
  readonly #open = new Set<WalletTransaction>();

  constructor(
    private readonly fixture: WalletFixture,
    private readonly note: Note,
  ) {
    super();
  }

  override async begin(rowKeys: readonly string[] = []): Promise<WalletTransaction> {
    const { table } = this.fixture;
    const snapshot = await this.fixture.begin();
    const { reads: transaction } = snapshot;
    // A locking read takes no snapshot, so later reads see everything that was committed before it.
    if (rowKeys.includes(WALLET)) {
      await table.findByPk(ALICE, { transaction, lock: transaction.LOCK.UPDATE });
      this.note('row locked');
    }
    await table.count({ where: { userId: ALICE }, transaction });
    this.note('begun');
    const begun = new WalletTransaction(this.fixture, snapshot, this.note, () =>
      this.#open.delete(begun),
    );
    this.#open.add(begun);
    return begun;
  }

  /** Rolls back the transactions that a failed request left open. */
  async rollBackOpen(): Promise<void> {
    for (const transaction of [...this.#open]) await transaction.rollback();
  }
}
