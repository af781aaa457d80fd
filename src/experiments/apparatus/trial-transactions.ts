import { Transaction as SqlTransaction } from 'sequelize';
import type { WalletsTable } from '../../adapters/persistence/sql/aggregates/wallets.js';
import { TransactionPort } from '../../domain/ports/transaction-port.js';
import type { Note } from './timeline.js';
import type { TrialTable } from './trial-table.js';
import { TrialTransaction } from './trial-transaction.js';
import { ALICE, WALLET } from './wallet-work.js';

/**
 * Transactions of one request on the trial's table, each step written down.
 *
 * They run at REPEATABLE READ, MySQL's default. There the first query takes the snapshot from
 * which all later ones read, so the first query belongs to the beginning here: it looks whether
 * the customer has a wallet, as a request that checks who asks would do.
 */
export class TrialTransactions extends TransactionPort {
  readonly #open = new Set<TrialTransaction>();

  constructor(
    private readonly trial: TrialTable,
    private readonly note: Note,
  ) {
    super();
  }

  override async begin(rowKeys: readonly string[] = []): Promise<TrialTransaction> {
    const { table } = this.trial;
    const transaction = await sequelizeOf(table).transaction({
      isolationLevel: SqlTransaction.ISOLATION_LEVELS.REPEATABLE_READ,
    });
    // A locking read takes no snapshot, so what is read after it was committed before it.
    if (rowKeys.includes(WALLET)) {
      await table.findByPk(ALICE, { transaction, lock: transaction.LOCK.UPDATE });
      this.note('row locked');
    }
    await table.count({ where: { userId: ALICE }, transaction });
    this.note('begun');
    const begun = new TrialTransaction(this.trial, transaction, this.note, () =>
      this.#open.delete(begun),
    );
    this.#open.add(begun);
    return begun;
  }

  /** Rolls back what a request that failed has left open. */
  async rollBackOpen(): Promise<void> {
    for (const transaction of [...this.#open]) await transaction.rollback();
  }
}

function sequelizeOf({ sequelize }: WalletsTable) {
  if (!sequelize) throw new Error('the table belongs to no database');
  return sequelize;
}
