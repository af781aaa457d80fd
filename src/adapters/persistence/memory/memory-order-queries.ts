import { type OrderState, orderNotFound } from '../../../domain/orders/order.js';
import { OrderQueries } from '../../../domain/orders/order-queries.js';
import type { Page, PageRequest } from '../../../domain/ports/page.js';
import type { MemoryDatabase } from './memory-database.js';
import { pageOf } from './page-of.js';

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
