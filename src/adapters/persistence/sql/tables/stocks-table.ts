import { DataTypes, type Model, type ModelStatic, type Sequelize } from 'sequelize';

export interface StockRow {
  productId: string;
  available: number;
  held: number;
  version: number;
}

export type StocksTable = ModelStatic<Model<StockRow>>;

export function defineStocks(sequelize: Sequelize): StocksTable {
  return sequelize.define<Model<StockRow>>('stocks', {
    productId: { type: DataTypes.CHAR(36), primaryKey: true },
    available: { type: DataTypes.BIGINT, allowNull: false },
    held: { type: DataTypes.BIGINT, allowNull: false },
    version: { type: DataTypes.BIGINT, allowNull: false },
  });
}
