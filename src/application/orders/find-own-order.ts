import { Order, type OrderState } from '../../domain/orders/order.js';
import type { OrderQueries } from '../../domain/orders/ports.js';

/** Reads one of the caller's own orders. */
export class FindOwnOrder {
  constructor(private readonly orders: OrderQueries) {}

  /** @throws DomainError `order_not_found`, also when it is another customer's */
  async execute(userId: string, orderId: string): Promise<OrderState> {
    const order = Order.restore(await this.orders.get(orderId));
    order.requireOwner(userId);
    return order.state;
  }
}
