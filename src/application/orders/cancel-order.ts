import { Basket } from '../../domain/orders/basket.js';
import { Order, type OrderState } from '../../domain/orders/order.js';
import type { OrderQueries } from '../../domain/orders/ports.js';
import type { Payment } from '../../domain/payments/payment.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { IdGenerator } from '../../domain/ports/id-generator.js';
import type { RequestScope, Transaction, UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { orderKey, stockKey, walletKey } from '../../domain/resource-keys.js';
import { putBack } from './put-back.js';

export interface CancelledOrder {
  readonly order: OrderState;
  /** Points given back, to the wallet or, in a while, to the card; 0 when it was not paid. */
  readonly refunded: number;
}

/** Ends an order: its units go back to stock and its payment to where it came from, once. */
export class CancelOrder {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly orders: OrderQueries,
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
  ) {}

  execute(userId: string, orderId: string, scope: RequestScope = {}): Promise<CancelledOrder> {
    const locks = () => this.locksFor(userId, orderId);
    return this.unitOfWork.run({ ...scope, locks }, async (tx) => {
      const order = (await tx.orders.get(orderId)).cancel();
      await putBack(tx, new Basket(order.state.items));
      const refunded = await this.refund(tx, order);
      return { order: (await tx.orders.save(order)).state, refunded };
    });
  }

  /** Read ahead only to name the locks: an order's owner and items never change. */
  private async locksFor(userId: string, orderId: string): Promise<readonly string[]> {
    const order = Order.restore(await this.orders.get(orderId));
    order.requireOwner(userId);
    const { productIds } = new Basket(order.state.items);
    return [orderKey(orderId), walletKey(userId), ...productIds.map(stockKey)];
  }

  private async refund(tx: Transaction, { state }: Order): Promise<number> {
    const payment = await tx.payments.findByOrder(state.id);
    if (!payment) return 0;
    await tx.payments.save(payment.refund());
    if (payment.state.method === 'card') await this.refundCard(tx, payment);
    else await this.refundPoints(tx, payment);
    return payment.state.amount;
  }

  private async refundPoints(tx: Transaction, { state }: Payment): Promise<void> {
    const { amount, orderId, userId } = state;
    const wallet = await tx.wallets.get(userId);
    await tx.wallets.save(wallet.refund(amount, orderId, this.ids.next(), this.clock.now()));
  }

  /** Stored with the cancellation, so it is done in the end, whatever becomes of this process. */
  private async refundCard(tx: Transaction, { state }: Payment): Promise<void> {
    const card = await tx.cardPayments.get(state.id);
    await tx.cardPayments.save(card.cancel(this.clock.now()));
  }
}
