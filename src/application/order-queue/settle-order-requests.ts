import { DomainError } from '../../domain/errors.js';
import { Basket } from '../../domain/orders/basket.js';
import type { OrderRequest, OrderRequestState } from '../../domain/orders/order-request.js';
import type { OrderRequestQueries } from '../../domain/orders/ports.js';
import type { Transaction, UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { stockKey } from '../../domain/resource-keys.js';
import type { KnownProducts } from '../catalogue/known-products.js';
import type { Placement } from '../orders/placement.js';
import { LARGEST_ORDER, Room } from './room.js';
import { type SettlementObserver, silentSettlementObserver } from './settlement-observer.js';

/** Items of one unit at most: those of the largest order. */
const UNIT = LARGEST_ORDER + 1;

/**
 * Settles requests for orders in the order they are given, as many as want few enough items in one
 * lease and one transaction: what a customer may ask for must not hold up those who share the
 * servers. Each row is compared in the order's own transaction, so a request that comes again,
 * even to two instances at once, is settled once.
 */
export class SettleOrderRequests {
  private readonly room = new Room(LARGEST_ORDER);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly requests: OrderRequestQueries,
    private readonly products: KnownProducts,
    private readonly placement: Placement,
    private readonly observer: SettlementObserver = silentSettlementObserver,
  ) {}

  /**
   * When it fails, those before the failure may be settled; they stay so when all come again.
   *
   * @throws UnknownOrderRequestError one of them does not exist; then none is settled
   */
  async execute(ids: readonly string[]): Promise<void> {
    for (const unit of unitsOf(await this.queued(ids))) {
      await this.room.within(sizeOf(unit) - unit.length, () => this.settleTogether(unit));
    }
  }

  /** Those that are left to settle, in their order. */
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
    const settled = await this.unitOfWork.run({ locks }, async (tx) => {
      const states: OrderRequestState[] = [];
      for (const request of await tx.orderRequests.findMany(unit.map(({ id }) => id))) {
        if (!request.isSettled) states.push(await this.settle(tx, request));
      }
      return states;
    });
    this.observer(settled);
  }

  /** An order of which a product is missing takes nothing, so it needs no lock. */
  private async locksFor(unit: readonly OrderRequestState[]): Promise<readonly string[]> {
    const baskets = unit.map(({ items }) => new Basket(items).productIds);
    const missing = new Set(await this.products.missing([...new Set(baskets.flat())]));
    const whole = baskets.filter((productIds) => !productIds.some((id) => missing.has(id)));
    return [...new Set(whole.flat())].sort().map(stockKey);
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

/** In the order given; each with few enough items, and at least one request. */
function unitsOf(requests: readonly OrderRequestState[]): OrderRequestState[][] {
  const units: OrderRequestState[][] = [];
  for (const request of requests) {
    const last = units.at(-1);
    if (last && sizeOf(last) + request.items.length <= UNIT) last.push(request);
    else units.push([request]);
  }
  return units;
}

function sizeOf(unit: readonly OrderRequestState[]): number {
  return unit.reduce((sum, { items }) => sum + items.length, 0);
}

/** The queue named a request that was never accepted. */
class UnknownOrderRequestError extends Error {
  override readonly name = 'UnknownOrderRequestError';

  constructor(requestId: string) {
    super(`there is no order request ${requestId}`);
  }
}
