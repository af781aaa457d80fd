import {
  DataTypes,
  type Model,
  type ModelStatic,
  type Sequelize,
  type Transaction,
} from 'sequelize';
import { ConcurrentUpdateError } from '../../../../domain/ports/failures.js';
import type { Page, PageRequest } from '../../../../domain/ports/page.js';
import type { Replacement } from '../../../../domain/ports/replacement.js';
import { waitForAll } from '../../../../domain/ports/wait-for-all.js';
import { WalletBatchRepository, WalletQueries } from '../../../../domain/wallets/ports.js';
import {
  Wallet,
  type WalletEntry,
  type WalletMovement,
  type WalletState,
} from '../../../../domain/wallets/wallet.js';
import { pageInOrder } from '../paging.js';
import { findRow, findRows, insertRows, saveVersioned, writeVersioned } from '../rows.js';
import { isDuplicate } from '../sql-failures.js';

export interface WalletRow {
  userId: string;
  balance: number;
  version: number;
}

export interface WalletEntryRow {
  id: string;
  userId: string;
  kind: string;
  amount: number;
  balance: number;
  orderId: string | null;
  walletVersion: number;
  createdAt: Date;
}

export type WalletsTable = ModelStatic<Model<WalletRow>>;
export type WalletEntriesTable = ModelStatic<Model<WalletEntryRow>>;

export function defineWallets(sequelize: Sequelize): WalletsTable {
  return sequelize.define<Model<WalletRow>>('wallets', {
    userId: { type: DataTypes.STRING(128), primaryKey: true },
    balance: { type: DataTypes.BIGINT, allowNull: false },
    version: { type: DataTypes.BIGINT, allowNull: false },
  });
}

export function defineWalletEntries(sequelize: Sequelize): WalletEntriesTable {
  return sequelize.define<Model<WalletEntryRow>>('wallet_entries', {
    id: { type: DataTypes.CHAR(36), primaryKey: true },
    userId: { type: DataTypes.STRING(128), allowNull: false },
    kind: { type: DataTypes.STRING(16), allowNull: false },
    amount: { type: DataTypes.BIGINT, allowNull: false },
    balance: { type: DataTypes.BIGINT, allowNull: false },
    orderId: { type: DataTypes.CHAR(36), allowNull: true },
    walletVersion: { type: DataTypes.BIGINT, allowNull: false },
    createdAt: { type: DataTypes.DATE(3), allowNull: false },
  });
}

export class SqlWalletRepository extends WalletBatchRepository {
  constructor(
    private readonly wallets: WalletsTable,
    private readonly entries: WalletEntriesTable,
    private readonly transaction: Transaction,
  ) {
    super();
  }

  override async get(userId: string): Promise<Wallet> {
    const row = await findRow(this.wallets, 'userId', userId, this.transaction);
    return row ? Wallet.restore(row) : Wallet.open(userId);
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
      await insertRows(this.entries, [{ ...entry }], transaction);
      return Wallet.restore({ ...state, version });
    } catch (error) {
      // Two requests charged a new wallet at once, or paid one order twice at once. The retry reads
      // the row.
      if (!isDuplicate(error)) throw error;
      throw new ConcurrentUpdateError(`wallet ${state.userId} has changed`, { cause: error });
    }
  }

  override async getMany(userIds: readonly string[]): Promise<Wallet[]> {
    const rows = await findRows(this.wallets, 'userId', userIds, this.transaction);
    return rows.map((row) => Wallet.restore(row));
  }

  override async moveMany(
    wallets: readonly Replacement<WalletState>[],
    entries: readonly WalletEntry[],
  ): Promise<void> {
    const { transaction } = this;
    const rows = wallets.map(({ state, readVersion }) => ({ row: state, readVersion }));
    try {
      await waitForAll([
        writeVersioned(this.wallets, rows, 'userId', ['balance'], transaction),
        insertRows(this.entries, entries, transaction),
      ]);
    } catch (error) {
      // The same as for one wallet.
      if (!isDuplicate(error)) throw error;
      throw new ConcurrentUpdateError('one of the wallets has changed', { cause: error });
    }
  }
}

export class SqlWalletQueries extends WalletQueries {
  constructor(
    private readonly wallets: WalletsTable,
    private readonly walletEntries: WalletEntriesTable,
  ) {
    super();
  }

  override async get(userId: string): Promise<WalletState> {
    const row = await findRow(this.wallets, 'userId', userId);
    return row ?? Wallet.open(userId).state;
  }

  override async entries(userId: string, page: PageRequest): Promise<Page<WalletEntry>> {
    const table = this.walletEntries;
    const newestFirst = { table, column: 'wallet_version', direction: 'DESC' } as const;
    return pageInOrder(page, newestFirst, async ({ where, ...rest }) => {
      const rows = await this.walletEntries.findAll({ where: { userId, ...where }, ...rest });
      // The CHECK constraint allows only the kinds of the domain.
      return rows.map((row) => row.get() as WalletEntry);
    });
  }
}
