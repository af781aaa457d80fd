import type { Order } from './order.js';

/** Orders with their items, inside a transaction. */
export abstract class OrderRepository {
  /** @throws DomainError `order_not_found` */
  abstract get(id: string): Promise<Order>;

  /**
   * @returns the order with its new version
   * @throws ConcurrentUpdateError it was changed since it was read, or its slot is taken
   */
  abstract save(order: Order): Promise<Order>;
}
