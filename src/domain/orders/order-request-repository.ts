import type { OrderRequest } from './order-request.js';

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
}
