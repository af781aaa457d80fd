import { DataTypes, type Model, type ModelStatic, Op, type Sequelize } from 'sequelize';
import type { PopularityWindow, Ranking, Sold } from '../../../../domain/popularity/popularity.js';
import { RankingStore } from '../../../../domain/popularity/ports.js';

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

export class SqlRankings extends RankingStore {
  constructor(private readonly rankings: RankingsTable) {
    super();
  }

  override async find(window: PopularityWindow): Promise<Ranking | undefined> {
    const row = (await this.rankings.findByPk(window))?.get();
    return row && { window, computedAt: row.computedAt, sold: JSON.parse(row.sold) as Sold[] };
  }

  override async publish({ window, computedAt, sold }: Ranking): Promise<void> {
    const row = { timeWindow: window, computedAt, sold: JSON.stringify(sold) };
    await this.rankings.bulkCreate([row], { ignoreDuplicates: true });
    await this.rankings.update(row, {
      where: { timeWindow: window, computedAt: { [Op.lt]: computedAt } },
    });
  }
}
