import { Basket } from '../../domain/orders/basket.js';
import type { OrderState } from '../../domain/orders/order.js';
import type { Quotas } from '../../domain/orders/quotas.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { IdGenerator } from '../../domain/ports/id-generator.js';
import type { RequestScope, Transaction, UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { stockKey } from '../../domain/resource-keys.js';
import type { KnownProducts } from '../catalogue/known-products.js';
import { Placement, type PlaceOrderInput } from './placement.js';
import { StockWaiters } from './stock-waiters.js';

/** Takes the units of all items from stock, or of none, and stores the order for payment. */
export class PlaceOrder {
  private readonly placement: Placement;
  private readonly waiters = new StockWaiters();

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly products: KnownProducts,
    ids: IdGenerator,
    clock: Clock,
    /** Milliseconds a customer has to pay. */
    paymentWindowMs: number,
    quotas?: Quotas,
  ) {
    this.placement = new Placement(ids, clock, paymentWindowMs, quotas);
  }

  async execute(input: PlaceOrderInput, scope: RequestScope = {}): Promise<OrderState> {
    const basket = new Basket(input.items);
    const ticket = this.waiters.join(basket);
    const locks = () => this.products.keysOf(basket.productIds, stockKey);
    const signal = scope.signal ? AbortSignal.any([scope.signal, ticket.signal]) : ticket.signal;
    try {
      return await this.unitOfWork.run({ ...scope, locks, signal }, (tx) => {
        ticket.leave();
        return this.place(tx, input);
      });
    } finally {
      ticket.leave();
    }
  }

  private async place(tx: Transaction, input: PlaceOrderInput): Promise<OrderState> {
    try {
      return (await this.placement.place(tx, input)).state;
    } catch (error) {
      // Under the lock: without it the product could be restocked meanwhile.
      this.waiters.onRefused(error);
      throw error;
    }
  }
}
