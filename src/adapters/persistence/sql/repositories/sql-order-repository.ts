import type { Transaction } from 'sequelize';
import { Order, orderNotFound } from '../../../../domain/orders/order.js';
import { OrderRepository } from '../../../../domain/orders/order-repository.js';
import { orderState } from '../queries/order-state.js';
import type { Tables } from '../tables/tables.js';
import { saveVersioned } from './versioned-row.js';

export class SqlOrderRepository extends OrderRepository {
  constructor(
    private readonly tables: Pick<Tables, 'orders' | 'orderItems'>,
    private readonly transaction: Transaction,
  ) {
    super();
  }

  override async get(id: string): Promise<Order> {
    const { transaction } = this;
    const row = await this.tables.orders.findByPk(id, { transaction });
    if (!row) throw orderNotFound(id);
    const items = await this.tables.orderItems.findAll({
      where: { orderId: id },
      order: ['productId'],
      transaction,
    });
    return Order.restore(orderState(row, items));
  }

  override async save({ state, slot }: Order): Promise<Order> {
    const { transaction } = this;
    const { items, ...rest } = state;
    const row = { ...rest, quotaSlot: slot ?? null };
    const version = await saveVersioned(this.tables.orders, row, { id: row.id }, transaction);
    // Items never change once the order is placed.
    if (state.version === 0) {
      await this.tables.orderItems.bulkCreate(
        items.map((item) => ({ ...item, orderId: row.id })),
        { transaction },
      );
    }
    return Order.restore({ ...state, version });
  }
}
