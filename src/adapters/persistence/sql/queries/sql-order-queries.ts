import type { FindOptions } from 'sequelize';
import { type OrderState, orderNotFound } from '../../../../domain/orders/order.js';
import { OrderQueries } from '../../../../domain/orders/order-queries.js';
import type { Page, PageRequest } from '../../../../domain/ports/page.js';
import type { OrderRow } from '../tables/orders-table.js';
import type { Tables } from '../tables/tables.js';
import { orderState } from './order-state.js';
import { pageInOrder, sequenceOf } from './page-in-order.js';

export class SqlOrderQueries extends OrderQueries {
  constructor(private readonly tables: Pick<Tables, 'orders' | 'orderItems'>) {
    super();
  }

  override async get(id: string): Promise<OrderState> {
    const [order] = await this.read({ where: { id } });
    if (!order) throw orderNotFound(id);
    return order;
  }

  override async list(userId: string, page: PageRequest): Promise<Page<OrderState>> {
    const table = this.tables.orders;
    const newestFirst = { table, column: sequenceOf(table), direction: 'DESC' } as const;
    return pageInOrder(page, newestFirst, ({ where, ...rest }) =>
      this.read({ where: { userId, ...where }, ...rest }),
    );
  }

  private async read(options: FindOptions<OrderRow>): Promise<OrderState[]> {
    const orders = await this.tables.orders.findAll(options);
    const items = await this.tables.orderItems.findAll({
      where: { orderId: orders.map((order) => order.get().id) },
      order: ['productId'],
    });
    const byOrder = Map.groupBy(items, (item) => item.get().orderId);
    return orders.map((order) => orderState(order, byOrder.get(order.get().id) ?? []));
  }
}
