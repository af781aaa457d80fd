import { SweeperLease } from '../../../domain/sweeping/sweeper-lease.js';
import type { SweeperLeaseRepository } from '../../../domain/sweeping/sweeper-lease-repository.js';
import { putVersioned } from './memory-database.js';
import { MemoryRows } from './memory-rows.js';

export class MemorySweeperLeaseRepository extends MemoryRows implements SweeperLeaseRepository {
  async get(name: string): Promise<SweeperLease> {
    const state = this.tables.duties.get(name);
    return state ? SweeperLease.restore(state) : SweeperLease.vacant(name);
  }

  async save({ state }: SweeperLease): Promise<SweeperLease> {
    this.write(({ duties }) => putVersioned(duties, state.name, state));
    return this.get(state.name);
  }
}
