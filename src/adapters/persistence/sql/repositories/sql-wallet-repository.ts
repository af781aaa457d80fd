import type { Transaction } from 'sequelize';
import { ConcurrentUpdateError } from '../../../../domain/ports/failures.js';
import { Wallet, type WalletMovement } from '../../../../domain/wallets/wallet.js';
import { WalletRepository } from '../../../../domain/wallets/wallet-repository.js';
import { isDuplicate } from '../sql-failures.js';
import type { WalletEntriesTable, WalletsTable } from '../tables/wallets-table.js';
import { saveVersioned } from './versioned-row.js';

export class SqlWalletRepository extends WalletRepository {
  constructor(
    private readonly wallets: WalletsTable,
    private readonly entries: WalletEntriesTable,
    private readonly transaction: Transaction,
  ) {
    super();
  }

  override async get(userId: string): Promise<Wallet> {
    const row = await this.wallets.findByPk(userId, { transaction: this.transaction });
    return row ? Wallet.restore(row.get()) : Wallet.open(userId);
  }

  override async save({ wallet, entry }: WalletMovement): Promise<Wallet> {
    const { transaction } = this;
    const { state } = wallet;
    try {
      const version = await saveVersioned(
        this.wallets,
        state,
        { userId: state.userId },
        transaction,
      );
      await this.entries.create({ ...entry }, { transaction });
      return Wallet.restore({ ...state, version });
    } catch (error) {
      // Two first charges at once, or an order paid twice at once: look again at what is there.
      if (!isDuplicate(error)) throw error;
      throw new ConcurrentUpdateError(`wallet ${state.userId} has changed`, { cause: error });
    }
  }
}
