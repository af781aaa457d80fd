import { Basket } from '../../domain/orders/basket.js';
import type { OrderState } from '../../domain/orders/order.js';
import type { Quotas } from '../../domain/orders/quotas.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { IdGenerator } from '../../domain/ports/id-generator.js';
import type { RequestScope, Transaction, UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { stockKey } from '../../domain/resource-keys.js';
import type { KnownProducts } from '../catalogue/known-products.js';
import { WaitingOrders } from '../order-queue/waiting-orders.js';
import type { PlaceOrderInput } from './place-order-input.js';
import { Placement } from './placement.js';

/** Takes the units of every item from stock, or of none, and records the order for payment. */
export class PlaceOrder {
  private readonly placement: Placement;
  private readonly waiting = new WaitingOrders();

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

  async execute(wish: PlaceOrderInput, scope: RequestScope = {}): Promise<OrderState> {
    const basket = new Basket(wish.items);
    const turn = this.waiting.join(basket);
    const locks = () => this.products.keysOf(basket.productIds, stockKey);
    const signal = scope.signal ? AbortSignal.any([scope.signal, turn.signal]) : turn.signal;
    try {
      return await this.unitOfWork.run({ ...scope, locks, signal }, (tx) => {
        turn.leave();
        return this.place(tx, wish);
      });
    } finally {
      turn.leave();
    }
  }

  private async place(tx: Transaction, wish: PlaceOrderInput): Promise<OrderState> {
    try {
      return (await this.placement.place(tx, wish)).state;
    } catch (error) {
      // Here, under the lock: a moment later others may have restocked.
      this.waiting.hear(error);
      throw error;
    }
  }
}
