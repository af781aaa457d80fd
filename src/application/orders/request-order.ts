import { Basket } from '../../domain/basket.js';
import { OrderRequest, type OrderRequestState } from '../../domain/order-request.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { IdGenerator } from '../../domain/ports/id-generator.js';
import type { RequestScope, Transaction, UnitOfWork } from '../../domain/ports/unit-of-work.js';
import type { KnownProducts } from '../products/known-products.js';
import type { OrderWish } from './order-wish.js';
import { type SettlementObserver, silentSettlementObserver } from './settlement-observer.js';

/**
 * Accepts an order for the queue: once this resolves, the request is durable and will be settled.
 *
 * An order of a product that does not exist is settled here, as the queue would settle it: it takes
 * nobody's turn there.
 */
export class RequestOrder {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly products: KnownProducts,
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
    /** Told after the commit; the outbox would be found without it, only later. */
    private readonly accepted: () => void,
    private readonly settled: SettlementObserver = silentSettlementObserver,
  ) {}

  async execute(
    { userId, items }: OrderWish,
    scope: RequestScope = {},
  ): Promise<OrderRequestState> {
    const missing = await this.products.missing(new Basket(items).productIds);
    // Of this time: an earlier answer that is given again was told then.
    let rejected: OrderRequestState | undefined;
    const state = await this.unitOfWork.run({ ...scope, locks: [] }, async (tx) => {
      const fields = { id: this.ids.next(), userId, items };
      const accepted = OrderRequest.accept(fields, this.clock.now());
      if (missing.length > 0) {
        rejected = await reject(tx, accepted);
        return rejected;
      }
      const request = await tx.orderRequests.save(accepted);
      await tx.outbox.add('orders', [{ key: request.key, requestId: request.state.id }]);
      return request.state;
    });
    if (rejected) this.settled([rejected]);
    else this.accepted();
    return state;
  }
}

async function reject(tx: Transaction, request: OrderRequest): Promise<OrderRequestState> {
  return (await tx.orderRequests.save(request.reject('product_not_found'))).state;
}
