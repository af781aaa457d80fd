import { DomainError } from '../../domain/errors.js';
import { Basket } from '../../domain/orders/basket.js';
import type { OrderRequest, OrderRequestState } from '../../domain/orders/order-request.js';
import type { OrderRequestQueries } from '../../domain/orders/ports.js';
import type { Transaction, UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { stockKey } from '../../domain/resource-keys.js';
import type { KnownProducts } from '../catalogue/known-products.js';
import type { Placement } from '../orders/placement.js';
import { ConcurrencyLimit, LARGEST_ORDER } from './concurrency-limit.js';

/** Receives the requests that were settled, after their commit. */
export type SettlementObserver = (settled: readonly OrderRequestState[]) => void;

export const silentSettlementObserver: SettlementObserver = () => {};

/** Most items of one transaction: those of the largest order. */
const MAX_ITEMS = LARGEST_ORDER + 1;

/**
 * Settles order requests in the given order. Several small requests share one lease and one
 * transaction, up to a number of items, so that a large order does not delay other customers for
 * long. Each transaction reads the state of its requests first. So a request that is delivered twice,
 * even to two instances at once, is settled once.
 */
export class SettleOrderRequests {
  private readonly limit = new ConcurrencyLimit(LARGEST_ORDER);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly requests: OrderRequestQueries,
    private readonly products: KnownProducts,
    private readonly placement: Placement,
    private readonly observer: SettlementObserver = silentSettlementObserver,
  ) {}

  /**
   * After a failure some requests may be settled. Settle all of them again; settled ones are
   * skipped.
   *
   * @throws UnknownOrderRequestError a request does not exist; then none is settled
   */
  async execute(ids: readonly string[]): Promise<void> {
    for (const unit of unitsOf(await this.queued(ids))) {
      await this.limit.within(sizeOf(unit) - unit.length, () => this.settleTogether(unit));
    }
  }

  /** The requests that are not settled, in the given order. */
  private async queued(ids: readonly string[]): Promise<readonly OrderRequestState[]> {
    const found = new Map((await this.requests.findMany(ids)).map((state) => [state.id, state]));
    const unknown = ids.find((id) => !found.has(id));
    if (unknown !== undefined) throw new UnknownOrderRequestError(unknown);
    const given = new Set(ids);
    const states = [...given].flatMap((id) => found.get(id) ?? []);
    return states.filter(({ status }) => status === 'QUEUED');
  }

  private async settleTogether(unit: readonly OrderRequestState[]): Promise<void> {
    const locks = await this.locksFor(unit);
    const batch = this.placement.readsOf(unit);
    const settled = await this.unitOfWork.run({ locks, batch }, async (tx) => {
      const decided: OrderRequest[] = [];
      for (const request of await tx.orderRequests.findMany(unit.map(({ id }) => id))) {
        // @plant request-settled-once
        if (!request.isSettled) decided.push(await this.decide(tx, request));
        // @end request-settled-once
      }
      return tx.orderRequests.saveSettled(decided);
    });
    this.observer(settled.map(({ state }) => state));
  }

  /** An order with a missing product changes no stock, so it needs no lock. */
  private async locksFor(unit: readonly OrderRequestState[]): Promise<readonly string[]> {
    const baskets = unit.map(({ items }) => new Basket(items).productIds);
    const missing = new Set(await this.products.missing([...new Set(baskets.flat())]));
    const whole = baskets.filter((productIds) => !productIds.some((id) => missing.has(id)));
    return [...new Set(whole.flat())].sort().map(stockKey);
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

/** Groups the requests in the given order; a group has at least one request. */
function unitsOf(requests: readonly OrderRequestState[]): OrderRequestState[][] {
  const units: OrderRequestState[][] = [];
  for (const request of requests) {
    const last = units.at(-1);
    if (last && sizeOf(last) + request.items.length <= MAX_ITEMS) last.push(request);
    else units.push([request]);
  }
  return units;
}

function sizeOf(unit: readonly OrderRequestState[]): number {
  return unit.reduce((sum, { items }) => sum + items.length, 0);
}

/** A message names a request that does not exist. */
class UnknownOrderRequestError extends Error {
  override readonly name = 'UnknownOrderRequestError';

  constructor(requestId: string) {
    super(`there is no order request ${requestId}`);
  }
}
