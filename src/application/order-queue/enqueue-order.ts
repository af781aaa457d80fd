import { Basket } from '../../domain/orders/basket.js';
import { OrderRequest, type OrderRequestState } from '../../domain/orders/order-request.js';
import { type Quotas, UNLIMITED } from '../../domain/orders/quotas.js';
import type { Clock } from '../../domain/ports/clock.js';
import { QueueQuotaError } from '../../domain/ports/failures.js';
import type { IdGenerator } from '../../domain/ports/id-generator.js';
import type { RequestScope, Transaction, UnitOfWork } from '../../domain/ports/unit-of-work.js';
import type { KnownProducts } from '../catalogue/known-products.js';
import type { PlaceOrderInput } from '../orders/placement.js';
import { type SettlementObserver, silentSettlementObserver } from './settle-order-requests.js';

/**
 * Accepts an order for the queue: once this resolves, the request is durable and will be settled.
 *
 * An order of a product that does not exist is rejected here, as the queue would reject it. So it does
 * not delay the orders in the queue.
 */
export class EnqueueOrder {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly products: KnownProducts,
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
    /** Called after the commit; without this call the message leaves later. */
    private readonly accepted: () => void,
    private readonly settled: SettlementObserver = silentSettlementObserver,
    private readonly quotas: Quotas = UNLIMITED,
  ) {}

  /** @throws QueueQuotaError the customer has as many requests in the queue as allowed */
  async execute(
    { userId, items }: PlaceOrderInput,
    scope: RequestScope = {},
  ): Promise<OrderRequestState> {
    const missing = await this.products.missing(new Basket(items).productIds);
    // Set only when this call rejects: a repeated request gets its recorded answer instead.
    let rejected: OrderRequestState | undefined;
    const state = await this.unitOfWork.run({ ...scope, locks: [] }, async (tx) => {
      rejected = undefined;
      const slot = await this.slotFor(tx, userId);
      const fields = { id: this.ids.next(), userId, items };
      const accepted = OrderRequest.accept(fields, this.clock.now(), slot);
      if (missing.length > 0) {
        rejected = await reject(tx, accepted);
        return rejected;
      }
      const request = await tx.orderRequests.save(accepted);
      await tx.outbox.add('orders', [{ key: request.key, requestId: request.state.id, userId }]);
      return request.state;
    });
    if (rejected) this.settled([rejected]);
    else this.accepted();
    return state;
  }

  private async slotFor(tx: Transaction, userId: string): Promise<number> {
    const isLimited = this.quotas.limited('queuedOrders').length > 0;
    const taken = isLimited ? await tx.orderRequests.queuedSlots(userId) : [];
    const slot = this.quotas.freeSlot('queuedOrders', taken);
    if (slot === undefined) throw new QueueQuotaError(this.quotas.full('queuedOrders', taken));
    return slot;
  }
}

async function reject(tx: Transaction, request: OrderRequest): Promise<OrderRequestState> {
  return (await tx.orderRequests.save(request.reject('product_not_found'))).state;
}
