import {
  DataTypes,
  type Model,
  type ModelStatic,
  type Sequelize,
  type Transaction,
} from 'sequelize';
import { ConcurrentUpdateError } from '../../../../domain/ports/failures.js';
import { SweeperLease, SweeperLeaseRepository } from '../../../../domain/sweeping/sweeper-lease.js';
import { saveVersioned } from '../rows.js';
import { isDuplicate } from '../sql-failures.js';

export interface SweeperLeaseRow {
  name: string;
  holder: string;
  until: Date;
  version: number;
}

export type SweeperLeasesTable = ModelStatic<Model<SweeperLeaseRow>>;

/** The table is named `duties` in the database; a migration would only rename it. */
export function defineSweeperLeases(sequelize: Sequelize): SweeperLeasesTable {
  return sequelize.define<Model<SweeperLeaseRow>>('duties', {
    name: { type: DataTypes.STRING(32), primaryKey: true },
    holder: { type: DataTypes.CHAR(36), allowNull: false },
    until: { type: DataTypes.DATE(3), allowNull: false, field: 'held_until' },
    version: { type: DataTypes.BIGINT, allowNull: false },
  });
}

export class SqlSweeperLeaseRepository extends SweeperLeaseRepository {
  constructor(
    private readonly leases: SweeperLeasesTable,
    private readonly transaction: Transaction,
  ) {
    super();
  }

  override async get(name: string): Promise<SweeperLease> {
    const row = await this.leases.findByPk(name, { transaction: this.transaction });
    return row ? SweeperLease.restore(row.get()) : SweeperLease.vacant(name);
  }

  override async save({ state }: SweeperLease): Promise<SweeperLease> {
    try {
      const key = { name: state.name };
      const version = await saveVersioned(this.leases, state, key, this.transaction);
      return SweeperLease.restore({ ...state, version });
    } catch (error) {
      // Two processes took a new lease at the same time. The retry reads which one was first.
      if (!isDuplicate(error)) throw error;
      throw new ConcurrentUpdateError(`sweeper lease ${state.name} has changed`, { cause: error });
    }
  }
}
