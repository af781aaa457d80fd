import { Order, orderNotFound } from '../../../domain/orders/order.js';
import type { OrderRepository } from '../../../domain/orders/order-repository.js';
import { putSlot, putVersioned } from './memory-database.js';
import { MemoryRows } from './memory-rows.js';

export class MemoryOrderRepository extends MemoryRows implements OrderRepository {
  async get(id: string): Promise<Order> {
    const state = this.tables.orders.get(id);
    if (!state) throw orderNotFound(id);
    return Order.restore(state);
  }

  async save({ state, slot }: Order): Promise<Order> {
    const { id, userId } = state;
    this.write((tables) => {
      putVersioned(tables.orders, id, state);
      putSlot(tables, { kind: 'unpaidOrders', userId, slot, id });
    });
    return this.get(state.id);
  }
}
