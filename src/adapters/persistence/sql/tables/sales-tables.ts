import { DataTypes, type Model, type ModelStatic, type Sequelize } from 'sequelize';

export interface UntoldSaleRow {
  paymentId: string;
  version: number;
}

export interface RankingRow {
  timeWindow: string;
  computedAt: Date;
  /** As JSON. */
  sold: string;
}

export type UntoldSalesTable = ModelStatic<Model<UntoldSaleRow>>;
export type RankingsTable = ModelStatic<Model<RankingRow>>;

export function defineUntoldSales(sequelize: Sequelize): UntoldSalesTable {
  return sequelize.define<Model<UntoldSaleRow>>('untold_sales', {
    paymentId: { type: DataTypes.CHAR(36), primaryKey: true },
    version: { type: DataTypes.BIGINT, allowNull: false },
  });
}

export function defineRankings(sequelize: Sequelize): RankingsTable {
  return sequelize.define<Model<RankingRow>>('rankings', {
    timeWindow: { type: DataTypes.STRING(8), primaryKey: true },
    computedAt: { type: DataTypes.DATE(3), allowNull: false },
    sold: { type: DataTypes.TEXT('medium'), allowNull: false },
  });
}
