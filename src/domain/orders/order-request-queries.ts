import type { OrderRequestState } from './order-request.js';

/** Reads of requests for orders, without lock or transaction. */
export abstract class OrderRequestQueries {
  /** @throws DomainError `order_request_not_found` */
  abstract get(id: string): Promise<OrderRequestState>;

  /** In no certain order; those that do not exist are left out. */
  abstract findMany(ids: readonly string[]): Promise<OrderRequestState[]>;
}
