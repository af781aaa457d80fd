import {
  type OrderRequestState,
  orderRequestNotFound,
} from '../../../domain/orders/order-request.js';
import { OrderRequestQueries } from '../../../domain/orders/order-request-queries.js';
import type { MemoryDatabase } from './memory-database.js';

export class MemoryOrderRequestQueries extends OrderRequestQueries {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async get(id: string): Promise<OrderRequestState> {
    const state = this.database.tables.orderRequests.get(id);
    if (!state) throw orderRequestNotFound(id);
    return state;
  }

  override async findMany(ids: readonly string[]): Promise<OrderRequestState[]> {
    return ids.flatMap((id) => this.database.tables.orderRequests.get(id) ?? []);
  }
}
