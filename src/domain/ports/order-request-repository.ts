import type { OrderRequest } from '../order-request.js';

/** Requests for orders, inside a transaction. */
export abstract class OrderRequestRepository {
  /** In the order of `ids`, each once; those that do not exist are left out. */
  abstract findMany(ids: readonly string[]): Promise<OrderRequest[]>;

  /**
   * @returns the request with its new version
   * @throws ConcurrentUpdateError it was changed since it was read
   */
  abstract save(request: OrderRequest): Promise<OrderRequest>;
}
