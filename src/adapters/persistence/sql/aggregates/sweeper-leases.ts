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

export interface DutyRow {
  name: string;
  holder: string;
  until: Date;
  version: number;
}

export type DutiesTable = ModelStatic<Model<DutyRow>>;

export function defineDuties(sequelize: Sequelize): DutiesTable {
  return sequelize.define<Model<DutyRow>>('duties', {
    name: { type: DataTypes.STRING(32), primaryKey: true },
    holder: { type: DataTypes.CHAR(36), allowNull: false },
    until: { type: DataTypes.DATE(3), allowNull: false, field: 'held_until' },
    version: { type: DataTypes.BIGINT, allowNull: false },
  });
}

export class SqlSweeperLeaseRepository extends SweeperLeaseRepository {
  constructor(
    private readonly duties: DutiesTable,
    private readonly transaction: Transaction,
  ) {
    super();
  }

  override async get(name: string): Promise<SweeperLease> {
    const row = await this.duties.findByPk(name, { transaction: this.transaction });
    return row ? SweeperLease.restore(row.get()) : SweeperLease.vacant(name);
  }

  override async save({ state }: SweeperLease): Promise<SweeperLease> {
    try {
      const key = { name: state.name };
      const version = await saveVersioned(this.duties, state, key, this.transaction);
      return SweeperLease.restore({ ...state, version });
    } catch (error) {
      // Two take it for the very first time at once: look again at who was first.
      if (!isDuplicate(error)) throw error;
      throw new ConcurrentUpdateError(`duty ${state.name} has changed`, { cause: error });
    }
  }
}
