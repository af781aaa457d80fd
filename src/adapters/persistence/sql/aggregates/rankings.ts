import {
  DataTypes,
  type Model,
  type ModelStatic,
  Op,
  type Sequelize,
  type Transaction,
} from 'sequelize';
import type { PopularityWindow, Ranking, Sold } from '../../../../domain/popularity/popularity.js';
import { RankingQueries, RankingRepository } from '../../../../domain/popularity/ports.js';

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

export class SqlRankingRepository extends RankingRepository {
  constructor(
    private readonly rankings: RankingsTable,
    private readonly transaction: Transaction,
  ) {
    super();
  }

  override async publish({ window, computedAt, sold }: Ranking): Promise<void> {
    const { transaction } = this;
    const row = { timeWindow: window, computedAt, sold: JSON.stringify(sold) };
    await this.rankings.bulkCreate([row], { ignoreDuplicates: true, transaction });
    const where = { timeWindow: window, computedAt: { [Op.lt]: computedAt } };
    await this.rankings.update(row, { where, transaction });
  }
}

export class SqlRankingQueries extends RankingQueries {
  constructor(private readonly rankings: RankingsTable) {
    super();
  }

  override async find(window: PopularityWindow): Promise<Ranking | undefined> {
    const row = (await this.rankings.findByPk(window))?.get();
    return row && { window, computedAt: row.computedAt, sold: JSON.parse(row.sold) as Sold[] };
  }
}
