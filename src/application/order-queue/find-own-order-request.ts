import { OrderRequest, type OrderRequestState } from '../../domain/orders/order-request.js';
import type { OrderRequestQueries } from '../../domain/orders/ports.js';

/** Reads an order request of the caller. */
export class FindOwnOrderRequest {
  constructor(private readonly requests: OrderRequestQueries) {}

  /** @throws DomainError `order_request_not_found`, also when it belongs to another customer */
  async execute(userId: string, requestId: string): Promise<OrderRequestState> {
    const request = OrderRequest.restore(await this.requests.get(requestId));
    request.requireOwner(userId);
    return request.state;
  }
}
