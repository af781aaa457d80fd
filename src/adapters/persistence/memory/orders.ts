import { Order, type OrderState, orderNotFound } from '../../../domain/orders/order.js';
import { OrderQueries, type OrderRepository } from '../../../domain/orders/ports.js';
import type { Page, PageRequest } from '../../../domain/ports/page.js';
import {
  type MemoryDatabase,
  MemoryRows,
  pageOf,
  putSlot,
  putVersioned,
} from './memory-database.js';

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

  async addMany(orders: readonly Order[]): Promise<void> {
    for (const order of orders) await this.save(order);
  }
}

export class MemoryOrderQueries extends OrderQueries {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async get(id: string): Promise<OrderState> {
    const state = this.database.tables.orders.get(id);
    if (!state) throw orderNotFound(id);
    return state;
  }

  override async list(userId: string, page: PageRequest): Promise<Page<OrderState>> {
    const all = [...this.database.tables.orders.values()].reverse();
    return pageOf(
      all.filter((order) => order.userId === userId),
      page,
    );
  }
}
