import { OrderRequest } from '../../../domain/orders/order-request.js';
import type { OrderRequestRepository } from '../../../domain/orders/order-request-repository.js';
import { putSlot, putVersioned, slotsOf } from './memory-database.js';
import { MemoryRows } from './memory-rows.js';

export class MemoryOrderRequestRepository extends MemoryRows implements OrderRequestRepository {
  async findMany(ids: readonly string[]): Promise<OrderRequest[]> {
    const states = [...new Set(ids)].flatMap((id) => this.tables.orderRequests.get(id) ?? []);
    return states.map((state) => OrderRequest.restore(state));
  }

  async queuedSlots(userId: string): Promise<number[]> {
    return slotsOf(this.tables, 'queuedOrders', userId);
  }

  async save({ state, slot }: OrderRequest): Promise<OrderRequest> {
    const { id, userId } = state;
    this.write((tables) => {
      putVersioned(tables.orderRequests, id, state);
      putSlot(tables, { kind: 'queuedOrders', userId, slot, id });
    });
    return OrderRequest.restore({ ...state, version: state.version + 1 });
  }
}
