import { Order, type OrderState } from '../../domain/orders/order.js';
import type { OrderQueries } from '../../domain/orders/ports.js';

/** Reads an order of the caller. */
export class FindOwnOrder {
  constructor(private readonly orders: OrderQueries) {}

  /** @throws DomainError `order_not_found`, also when it belongs to another customer */
  async execute(userId: string, orderId: string): Promise<OrderState> {
    const order = Order.restore(await this.orders.get(orderId));
    order.requireOwner(userId);
    return order.state;
  }
}
