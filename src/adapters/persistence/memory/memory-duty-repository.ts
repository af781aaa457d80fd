import { Duty } from '../../../domain/sweeping/duty.js';
import type { DutyRepository } from '../../../domain/sweeping/duty-repository.js';
import { putVersioned } from './memory-database.js';
import { MemoryRows } from './memory-rows.js';

export class MemoryDutyRepository extends MemoryRows implements DutyRepository {
  async get(name: string): Promise<Duty> {
    const state = this.tables.duties.get(name);
    return state ? Duty.restore(state) : Duty.vacant(name);
  }

  async save({ state }: Duty): Promise<Duty> {
    this.write(({ duties }) => putVersioned(duties, state.name, state));
    return this.get(state.name);
  }
}
