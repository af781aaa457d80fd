import type { Transaction } from 'sequelize';
import { OrderRequest } from '../../../../domain/order-request.js';
import { OrderRequestRepository } from '../../../../domain/ports/order-request-repository.js';
import { orderRequestState } from '../queries/order-request-state.js';
import type { OrderRequestsTable } from '../tables/order-requests-table.js';
import { saveVersioned } from './versioned-row.js';

export class SqlOrderRequestRepository extends OrderRequestRepository {
  constructor(
    private readonly requests: OrderRequestsTable,
    private readonly transaction: Transaction,
  ) {
    super();
  }

  override async findMany(ids: readonly string[]): Promise<OrderRequest[]> {
    const { transaction } = this;
    const rows = await this.requests.findAll({ where: { id: [...ids] }, transaction });
    const byId = new Map(rows.map((row) => [row.get().id, orderRequestState(row)]));
    const states = [...new Set(ids)].flatMap((id) => byId.get(id) ?? []);
    return states.map((state) => OrderRequest.restore(state));
  }

  override async save({ state }: OrderRequest): Promise<OrderRequest> {
    const row = { ...state, items: JSON.stringify(state.items) };
    const version = await saveVersioned(this.requests, row, { id: row.id }, this.transaction);
    return OrderRequest.restore({ ...state, version });
  }
}
