import { Basket } from '../../domain/basket.js';
import type { OrderState } from '../../domain/order.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { IdGenerator } from '../../domain/ports/id-generator.js';
import type { RequestScope, UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { stockKey } from '../../domain/resource-keys.js';
import type { OrderWish } from './order-wish.js';
import { Placement } from './placement.js';

/** Takes the units of every item from stock, or of none, and records the order for payment. */
export class PlaceOrder {
  private readonly placement: Placement;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    ids: IdGenerator,
    clock: Clock,
    /** Milliseconds a customer has to pay. */
    paymentWindowMs: number,
  ) {
    this.placement = new Placement(ids, clock, paymentWindowMs);
  }

  execute(wish: OrderWish, scope: RequestScope = {}): Promise<OrderState> {
    const locks = new Basket(wish.items).productIds.map(stockKey);
    return this.unitOfWork.run({ ...scope, locks }, async (tx) => {
      return (await this.placement.place(tx, wish)).state;
    });
  }
}
