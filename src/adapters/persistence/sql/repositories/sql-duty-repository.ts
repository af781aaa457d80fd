import type { Transaction } from 'sequelize';
import { ConcurrentUpdateError } from '../../../../domain/ports/failures.js';
import { Duty } from '../../../../domain/sweeping/duty.js';
import { DutyRepository } from '../../../../domain/sweeping/duty-repository.js';
import { isDuplicate } from '../sql-failures.js';
import type { DutiesTable } from '../tables/duties-table.js';
import { saveVersioned } from './versioned-row.js';

export class SqlDutyRepository extends DutyRepository {
  constructor(
    private readonly duties: DutiesTable,
    private readonly transaction: Transaction,
  ) {
    super();
  }

  override async get(name: string): Promise<Duty> {
    const row = await this.duties.findByPk(name, { transaction: this.transaction });
    return row ? Duty.restore(row.get()) : Duty.vacant(name);
  }

  override async save({ state }: Duty): Promise<Duty> {
    try {
      const key = { name: state.name };
      const version = await saveVersioned(this.duties, state, key, this.transaction);
      return Duty.restore({ ...state, version });
    } catch (error) {
      // Two take it for the very first time at once: look again at who was first.
      if (!isDuplicate(error)) throw error;
      throw new ConcurrentUpdateError(`duty ${state.name} has changed`, { cause: error });
    }
  }
}
