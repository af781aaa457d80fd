import { Basket } from '../../domain/orders/basket.js';
import type { OrderState } from '../../domain/orders/order.js';
import type { Quotas } from '../../domain/orders/quotas.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { IdGenerator } from '../../domain/ports/id-generator.js';
import type { RequestScope, UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { stockKey } from '../../domain/resource-keys.js';
import type { KnownProducts } from '../catalogue/known-products.js';
import { Placement, type PlaceOrderInput } from './placement.js';

/** Takes the units of all items from stock, or of none, and stores the order for payment. */
export class PlaceOrder {
  private readonly placement: Placement;

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
    const { productIds } = new Basket(input.items);
    const locks = () => this.products.keysOf(productIds, stockKey);
    const batch = this.placement.readsOf([input]);
    return this.unitOfWork.run({ ...scope, locks, batch }, async (tx) => {
      return (await this.placement.place(tx, input)).state;
    });
  }
}
