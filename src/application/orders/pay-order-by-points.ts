import type { OrderState } from '../../domain/orders/order.js';
import { Payment, type PaymentState } from '../../domain/payments/payment.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { IdGenerator } from '../../domain/ports/id-generator.js';
import type { RequestScope, UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { orderKey, walletKey } from '../../domain/resource-keys.js';

export interface PaidOrder {
  readonly payment: PaymentState;
  readonly order: OrderState;
}

/** Pays a pending order with points from the wallet of its owner. */
export class PayOrderByPoints {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
  ) {}

  execute(userId: string, orderId: string, scope: RequestScope = {}): Promise<PaidOrder> {
    const locks = [orderKey(orderId), walletKey(userId)];
    const batch = { orders: [orderId], wallets: [userId] };
    return this.unitOfWork.run({ ...scope, locks, batch }, async (tx) => {
      const now = this.clock.now();
      const order = await tx.orders.get(orderId);
      order.requireOwner(userId);
      const paid = order.pay(now);
      const amount = order.state.total;
      const wallet = await tx.wallets.get(userId);
      await tx.wallets.save(wallet.pay(amount, orderId, this.ids.next(), now));
      const payment = await tx.payments.save(
        Payment.capture({
          id: this.ids.next(),
          orderId,
          userId,
          method: 'points',
          amount,
          createdAt: now,
        }),
      );
      return { payment: payment.state, order: (await tx.orders.save(paid)).state };
    });
  }
}
