import {
  SweeperLease,
  type SweeperLeaseRepository,
} from '../../../domain/sweeping/sweeper-lease.js';
import { MemoryRows, putVersioned } from './memory-database.js';

export class MemorySweeperLeaseRepository extends MemoryRows implements SweeperLeaseRepository {
  async get(name: string): Promise<SweeperLease> {
    const state = this.tables.sweeperLeases.get(name);
    return state ? SweeperLease.restore(state) : SweeperLease.vacant(name);
  }

  async save({ state }: SweeperLease): Promise<SweeperLease> {
    this.write(({ sweeperLeases }) => putVersioned(sweeperLeases, state.name, state));
    return this.get(state.name);
  }
}
