import { DataTypes, type Model, type ModelStatic, type Sequelize } from 'sequelize';

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
