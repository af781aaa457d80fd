import { SettledOrderRequests } from '../../../domain/orders/settled-order-requests.js';
import type { MemoryDatabase } from './memory-database.js';

export class MemorySettledOrderRequests extends SettledOrderRequests {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async purge(before: Date, limit: number): Promise<number> {
    const { orderRequests } = this.database.tables;
    const old = [...orderRequests.values()]
      .filter(({ status, createdAt }) => status !== 'QUEUED' && createdAt < before)
      .sort((one, other) => Number(one.createdAt) - Number(other.createdAt))
      .slice(0, limit);
    for (const { id } of old) orderRequests.delete(id);
    return old.length;
  }
}
