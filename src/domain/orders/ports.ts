import type { Page, PageRequest } from '../ports/page.js';
import type { Order, OrderState } from './order.js';
import type { OrderRequest, OrderRequestState } from './order-request.js';

/** Orders with their items, inside a transaction. */
export abstract class OrderRepository {
  /** @throws DomainError `order_not_found` */
  abstract get(id: string): Promise<Order>;

  /**
   * @returns the order with its new version
   * @throws ConcurrentUpdateError it was changed since it was read, or its slot is taken
   */
  abstract save(order: Order): Promise<Order>;

  /**
   * Adds new orders with their items, by one statement for each table.
   * @throws ConcurrentUpdateError a slot is taken
   */
  abstract addMany(orders: readonly Order[]): Promise<void>;
}

/** Reads of orders, without lock or transaction. */
export abstract class OrderQueries {
  /** @throws DomainError `order_not_found` */
  abstract get(id: string): Promise<OrderState>;

  /** The user's own, newest first: one placed after another was answered comes before it. */
  abstract list(userId: string, page: PageRequest): Promise<Page<OrderState>>;
}

/** Requests for orders, inside a transaction. */
export abstract class OrderRequestRepository {
  /** In the order of `ids`, each once; those that do not exist are left out. */
  abstract findMany(ids: readonly string[]): Promise<OrderRequest[]>;

  /** The slots of the queue that the customer's requests take. */
  abstract queuedSlots(userId: string): Promise<number[]>;

  /**
   * @returns the request with its new version
   * @throws ConcurrentUpdateError it was changed since it was read, or its slot is taken
   */
  abstract save(request: OrderRequest): Promise<OrderRequest>;

  /**
   * Saves requests that were settled since they were read, by one statement.
   *
   * @returns the requests with their new versions
   * @throws ConcurrentUpdateError one of them was changed since it was read
   */
  abstract saveSettled(requests: readonly OrderRequest[]): Promise<OrderRequest[]>;
}

/** Reads of requests for orders, without lock or transaction. */
export abstract class OrderRequestQueries {
  /** @throws DomainError `order_request_not_found` */
  abstract get(id: string): Promise<OrderRequestState>;

  /** In no certain order; those that do not exist are left out. */
  abstract findMany(ids: readonly string[]): Promise<OrderRequestState[]>;
}

/** Requests for orders that are settled, and their removal when they are old enough. */
export abstract class SettledOrderRequests {
  /**
   * Removes those that were accepted before, the oldest first, at most `limit`. One that is still
   * queued stays, however old.
   *
   * @returns how many were removed
   */
  abstract purge(before: Date, limit: number): Promise<number>;
}
