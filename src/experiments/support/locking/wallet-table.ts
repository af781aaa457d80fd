import { DataTypes, type Model, type Sequelize, type Transaction } from 'sequelize';
import type {
  WalletRow,
  WalletsTable,
} from '../../../adapters/persistence/sql/aggregates/wallets.js';
import { saveVersioned } from '../../../adapters/persistence/sql/rows.js';

/** A table like the product's `wallets`, without its CHECK constraint. */
export function defineWalletTable(sequelize: Sequelize, name: string): WalletsTable {
  return sequelize.define<Model<WalletRow>>(name, {
    userId: { type: DataTypes.STRING(128), primaryKey: true },
    balance: { type: DataTypes.BIGINT, allowNull: false },
    version: { type: DataTypes.BIGINT, allowNull: false },
  });
}

/** Writes a wallet that was read before. */
export type SaveWallet = (
  table: WalletsTable,
  row: WalletRow,
  transaction: Transaction,
) => Promise<void>;

/** No guard: it replaces any value, so only the lock can prevent a lost update. */
export const overwrite: SaveWallet = async (table, { userId, balance }, transaction) => {
  await table.update({ balance }, { where: { userId }, transaction });
};

/** The product's own guard: replaces only the version that was read. */
export const compareAndSet: SaveWallet = async (table, row, transaction) => {
  await saveVersioned(table, row, { userId: row.userId }, transaction);
};
