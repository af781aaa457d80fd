import { DataTypes, type Model, type ModelStatic, type Sequelize } from 'sequelize';

export interface RankingRow {
  timeWindow: string;
  computedAt: Date;
  /** As JSON. */
  sold: string;
}

export type RankingsTable = ModelStatic<Model<RankingRow>>;

export function defineRankings(sequelize: Sequelize): RankingsTable {
  return sequelize.define<Model<RankingRow>>('rankings', {
    timeWindow: { type: DataTypes.STRING(8), primaryKey: true },
    computedAt: { type: DataTypes.DATE(3), allowNull: false },
    sold: { type: DataTypes.TEXT('medium'), allowNull: false },
  });
}
