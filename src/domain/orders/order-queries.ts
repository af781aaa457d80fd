import type { Page, PageRequest } from '../ports/page.js';
import type { OrderState } from './order.js';

/** Reads of orders, without lock or transaction. */
export abstract class OrderQueries {
  /** @throws DomainError `order_not_found` */
  abstract get(id: string): Promise<OrderState>;

  /** The user's own, newest first: one placed after another was answered comes before it. */
  abstract list(userId: string, page: PageRequest): Promise<Page<OrderState>>;
}
