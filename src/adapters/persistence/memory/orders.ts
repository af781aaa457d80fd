import { Order, type OrderState, orderNotFound } from '../../../domain/orders/order.js';
import { type OrderBatchRepository, OrderQueries } from '../../../domain/orders/ports.js';
import type { Page, PageRequest } from '../../../domain/ports/page.js';
import type { Replacement } from '../../../domain/ports/replacement.js';
import {
  type MemoryDatabase,
  MemoryRows,
  pageOf,
  putSlot,
  putVersioned,
  replaceVersioned,
} from './memory-database.js';

export class MemoryOrderRepository extends MemoryRows implements OrderBatchRepository {
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

  async findMany(ids: readonly string[]): Promise<Order[]> {
    const states = [...new Set(ids)].flatMap((id) => this.tables.orders.get(id) ?? []);
    return states.map((state) => Order.restore(state));
  }

  async replaceMany(replacements: readonly Replacement<OrderState>[]): Promise<void> {
    this.write((tables) => {
      for (const each of replacements) {
        const { id, userId } = each.state;
        replaceVersioned(tables.orders, id, each);
        putSlot(tables, { kind: 'unpaidOrders', userId, slot: undefined, id });
      }
    });
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
