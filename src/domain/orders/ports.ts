import type { Page, PageRequest } from '../ports/page.js';
import type { Replacement } from '../ports/replacement.js';
import type { Order, OrderState } from './order.js';
import type { OrderRequest, OrderRequestState } from './order-request.js';

/** Orders with their items, inside a transaction. */
export abstract class OrderRepository {
  /** @throws DomainError `order_not_found` */
  abstract get(id: string): Promise<Order>;

  /**
   * @returns the order with its new version
   * @throws ConcurrentUpdateError the order was changed since it was read, or its slot is taken
   */
  abstract save(order: Order): Promise<Order>;
}

/** Orders as the write buffer of a batch reads and writes them: many by one statement. */
export abstract class OrderBatchRepository extends OrderRepository {
  /**
   * Adds new orders with their items, by one statement for each table.
   * @throws ConcurrentUpdateError a slot is taken
   */
  abstract addMany(orders: readonly Order[]): Promise<void>;

  /** In no particular order. Ids without an order are left out. */
  abstract findMany(ids: readonly string[]): Promise<Order[]>;

  /**
   * Saves the status of orders that are no longer unpaid, by one statement. Their slots are free then.
   *
   * @throws ConcurrentUpdateError one of them was changed since it was read
   */
  abstract replaceMany(orders: readonly Replacement<OrderState>[]): Promise<void>;
}

/** Reads of orders, without lock or transaction. */
export abstract class OrderQueries {
  /** @throws DomainError `order_not_found` */
  abstract get(id: string): Promise<OrderState>;

  /**
   * The orders of the user, newest first. An order placed after the answer to another one comes
   * before it.
   */
  abstract list(userId: string, page: PageRequest): Promise<Page<OrderState>>;
}

/** Requests for orders, inside a transaction. */
export abstract class OrderRequestRepository {
  /** In the order of `ids`, each once. Ids without a request are left out. */
  abstract findMany(ids: readonly string[]): Promise<OrderRequest[]>;

  /** The slots in the queue that requests of the customer use. */
  abstract queuedSlots(userId: string): Promise<number[]>;

  /**
   * @returns the request with its new version
   * @throws ConcurrentUpdateError the request was changed since it was read, or its slot is taken
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

  /** In no particular order. Ids without a request are left out. */
  abstract findMany(ids: readonly string[]): Promise<OrderRequestState[]>;
}

/** Removes order requests that were settled long ago. */
export abstract class SettledOrderRequests {
  /**
   * Removes settled requests that were accepted before this time, the oldest first, at most
   * `limit`. A queued request stays, however old it is.
   *
   * @returns how many were removed
   */
  abstract purge(before: Date, limit: number): Promise<number>;
}
