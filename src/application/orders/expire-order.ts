import { Basket } from '../../domain/orders/basket.js';
import type { OrderQueries } from '../../domain/orders/ports.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { RequestScope, UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { orderKey, stockKey } from '../../domain/resource-keys.js';
import { returnToStock } from './placement.js';

/** Ends an order whose payment window is over, and returns its units to stock, once. */
export class ExpireOrder {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly orders: OrderQueries,
    private readonly clock: Clock,
  ) {}

  /** False when the order has ended in another way, such as by a payment, or has time left. */
  execute(orderId: string, scope: RequestScope = {}): Promise<boolean> {
    const locks = () => this.locksFor(orderId);
    return this.unitOfWork.run({ ...scope, locks }, async (tx) => {
      const expired = (await tx.orders.get(orderId)).expire(this.clock.now());
      if (!expired) return false;
      await returnToStock(tx, new Basket(expired.state.items));
      await tx.orders.save(expired);
      return true;
    });
  }

  /** Without the wallet: an unpaid order has nothing to refund. */
  private async locksFor(orderId: string): Promise<readonly string[]> {
    const { items } = await this.orders.get(orderId);
    return [orderKey(orderId), ...new Basket(items).productIds.map(stockKey)];
  }
}
