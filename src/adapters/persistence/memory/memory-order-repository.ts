import { Order, orderNotFound } from '../../../domain/order.js';
import type { OrderRepository } from '../../../domain/ports/order-repository.js';
import { putVersioned } from './memory-database.js';
import { MemoryRows } from './memory-rows.js';

export class MemoryOrderRepository extends MemoryRows implements OrderRepository {
  async get(id: string): Promise<Order> {
    const state = this.tables.orders.get(id);
    if (!state) throw orderNotFound(id);
    return Order.restore(state);
  }

  async save({ state }: Order): Promise<Order> {
    this.write(({ orders }) => putVersioned(orders, state.id, state));
    return this.get(state.id);
  }
}
