import {
  type OrderRequestState,
  orderRequestNotFound,
} from '../../../../domain/orders/order-request.js';
import { OrderRequestQueries } from '../../../../domain/orders/order-request-queries.js';
import type { OrderRequestsTable } from '../tables/order-requests-table.js';
import { orderRequestState } from './order-request-state.js';

export class SqlOrderRequestQueries extends OrderRequestQueries {
  constructor(private readonly requests: OrderRequestsTable) {
    super();
  }

  override async get(id: string): Promise<OrderRequestState> {
    const row = await this.requests.findByPk(id);
    if (!row) throw orderRequestNotFound(id);
    return orderRequestState(row);
  }

  override async findMany(ids: readonly string[]): Promise<OrderRequestState[]> {
    if (ids.length === 0) return [];
    const rows = await this.requests.findAll({ where: { id: [...ids] } });
    return rows.map(orderRequestState);
  }
}
