import { OrderRequest } from '../../../domain/order-request.js';
import type { OrderRequestRepository } from '../../../domain/ports/order-request-repository.js';
import { putVersioned } from './memory-database.js';
import { MemoryRows } from './memory-rows.js';

export class MemoryOrderRequestRepository extends MemoryRows implements OrderRequestRepository {
  async findMany(ids: readonly string[]): Promise<OrderRequest[]> {
    const states = [...new Set(ids)].flatMap((id) => this.tables.orderRequests.get(id) ?? []);
    return states.map((state) => OrderRequest.restore(state));
  }

  async save({ state }: OrderRequest): Promise<OrderRequest> {
    this.write(({ orderRequests }) => putVersioned(orderRequests, state.id, state));
    return OrderRequest.restore({ ...state, version: state.version + 1 });
  }
}
