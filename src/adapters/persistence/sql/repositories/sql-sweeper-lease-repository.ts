import type { Transaction } from 'sequelize';
import { ConcurrentUpdateError } from '../../../../domain/ports/failures.js';
import { SweeperLease } from '../../../../domain/sweeping/sweeper-lease.js';
import { SweeperLeaseRepository } from '../../../../domain/sweeping/sweeper-lease-repository.js';
import { isDuplicate } from '../sql-failures.js';
import type { DutiesTable } from '../tables/duties-table.js';
import { saveVersioned } from './versioned-row.js';

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
