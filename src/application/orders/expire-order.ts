import { Basket } from '../../domain/orders/basket.js';
import type { OrderQueries } from '../../domain/orders/ports.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { RequestScope, UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { orderKey, stockKey } from '../../domain/resource-keys.js';
import { putBack } from './put-back.js';

/** Ends an order whose time to be paid is over: its units go back to stock, once. */
export class ExpireOrder {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly orders: OrderQueries,
    private readonly clock: Clock,
  ) {}

  /** Answers false when it has ended meanwhile, as by a payment, or has time left. */
  execute(orderId: string, scope: RequestScope = {}): Promise<boolean> {
    const locks = () => this.locksFor(orderId);
    return this.unitOfWork.run({ ...scope, locks }, async (tx) => {
      const expired = (await tx.orders.get(orderId)).expire(this.clock.now());
      if (!expired) return false;
      await putBack(tx, new Basket(expired.state.items));
      await tx.orders.save(expired);
      return true;
    });
  }

  /** Not the wallet: an order that is not paid has nothing to give back to it. */
  private async locksFor(orderId: string): Promise<readonly string[]> {
    const { items } = await this.orders.get(orderId);
    return [orderKey(orderId), ...new Basket(items).productIds.map(stockKey)];
  }
}
