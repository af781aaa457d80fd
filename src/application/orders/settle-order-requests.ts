import { Basket } from '../../domain/basket.js';
import { DomainError } from '../../domain/errors.js';
import type { OrderRequest, OrderRequestState } from '../../domain/order-request.js';
import type { OrderRequestQueries } from '../../domain/ports/order-request-queries.js';
import type { Transaction, UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { stockKey } from '../../domain/resource-keys.js';
import type { Placement } from './placement.js';
import { type SettlementObserver, silentSettlementObserver } from './settlement-observer.js';

/**
 * Settles requests for orders in the order they are given: one lease and one transaction for all
 * of them. Each row is compared in the order's own transaction, so a request that comes again,
 * even to two instances at once, is settled once.
 */
export class SettleOrderRequests {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly requests: OrderRequestQueries,
    private readonly placement: Placement,
    private readonly observer: SettlementObserver = silentSettlementObserver,
  ) {}

  /** @throws UnknownOrderRequestError one of them does not exist; then none is settled */
  async execute(ids: readonly string[]): Promise<void> {
    const locks = await this.locksFor(ids);
    if (locks.length === 0) return;
    const settled = await this.unitOfWork.run({ locks }, async (tx) => {
      const states: OrderRequestState[] = [];
      for (const request of await tx.orderRequests.findMany(ids)) {
        if (!request.isSettled) states.push(await this.settle(tx, request));
      }
      return states;
    });
    this.observer(settled);
  }

  /** None when there is nothing left to do. */
  private async locksFor(ids: readonly string[]): Promise<string[]> {
    const found = await this.requests.findMany(ids);
    const known = new Set(found.map(({ id }) => id));
    const unknown = ids.find((id) => !known.has(id));
    if (unknown !== undefined) throw new UnknownOrderRequestError(unknown);
    const queued = found.filter(({ status }) => status === 'QUEUED');
    const products = queued.flatMap(({ items }) => new Basket(items).productIds);
    return [...new Set(products)].sort().map(stockKey);
  }

  private async settle(tx: Transaction, request: OrderRequest): Promise<OrderRequestState> {
    return (await tx.orderRequests.save(await this.decide(tx, request))).state;
  }

  private async decide(tx: Transaction, request: OrderRequest): Promise<OrderRequest> {
    try {
      const order = await this.placement.place(tx, request.state);
      return request.confirm(order.state.id);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return request.reject(error.code);
    }
  }
}

/** The queue named a request that was never accepted. */
class UnknownOrderRequestError extends Error {
  override readonly name = 'UnknownOrderRequestError';

  constructor(requestId: string) {
    super(`there is no order request ${requestId}`);
  }
}
