import { Basket } from '../../domain/orders/basket.js';
import { Order, type OrderState } from '../../domain/orders/order.js';
import type { OrderQueries } from '../../domain/orders/ports.js';
import type { Payment } from '../../domain/payments/payment.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { IdGenerator } from '../../domain/ports/id-generator.js';
import type {
  BatchReads,
  RequestScope,
  Transaction,
  UnitOfWork,
} from '../../domain/ports/unit-of-work.js';
import { orderKey, stockKey, walletKey } from '../../domain/resource-keys.js';
import { returnToStock } from './placement.js';

export interface CancelledOrder {
  readonly order: OrderState;
  /** Refunded points: at once to a wallet, later to a card; 0 when the order was not paid. */
  readonly refunded: number;
}

/** Cancels an order: returns its units to stock and refunds its payment, once. */
export class CancelOrder {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly orders: OrderQueries,
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
  ) {}

  execute(userId: string, orderId: string, scope: RequestScope = {}): Promise<CancelledOrder> {
    let batch: BatchReads = {};
    const locks = async () => {
      const { status, stocks } = await this.read(userId, orderId);
      const wallets = status === 'PAID' ? [userId] : [];
      batch = { orders: [orderId], payments: [orderId], wallets, stocks };
      return [orderKey(orderId), walletKey(userId), ...stocks.map(stockKey)];
    };
    return this.unitOfWork.run({ ...scope, locks, batch: () => batch }, async (tx) => {
      const order = (await tx.orders.get(orderId)).cancel();
      await returnToStock(tx, new Basket(order.state.items));
      const refunded = await this.refund(tx, order);
      return { order: (await tx.orders.save(order)).state, refunded };
    });
  }

  /**
   * Reads the order without a lock: its owner and its items never change. Its status may change until
   * the lock is held, so it only shows what is probably needed.
   */
  private async read(userId: string, orderId: string) {
    const order = Order.restore(await this.orders.get(orderId));
    order.requireOwner(userId);
    const { status, items } = order.state;
    return { status, stocks: new Basket(items).productIds };
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

  /** Commits with the cancellation; a job then calls the gateway, also when this process dies. */
  private async refundCard(tx: Transaction, { state }: Payment): Promise<void> {
    const card = await tx.cardPayments.get(state.id);
    // @plant card-cancelled
    await tx.cardPayments.save(card.cancel(this.clock.now()));
  }
}
