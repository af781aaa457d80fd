import { Op, type Transaction } from 'sequelize';
import { OrderRequest } from '../../../../domain/orders/order-request.js';
import { OrderRequestRepository } from '../../../../domain/orders/order-request-repository.js';
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

  override async queuedSlots(userId: string): Promise<number[]> {
    const rows = await this.requests.findAll({
      attributes: ['quotaSlot'],
      where: { userId, quotaSlot: { [Op.ne]: null } },
      transaction: this.transaction,
    });
    return rows.map((row) => Number(row.get().quotaSlot));
  }

  override async save({ state, slot }: OrderRequest): Promise<OrderRequest> {
    const items = JSON.stringify(state.items);
    const row = { ...state, items, quotaSlot: slot ?? null };
    const version = await saveVersioned(this.requests, row, { id: row.id }, this.transaction);
    return OrderRequest.restore({ ...state, version });
  }
}
