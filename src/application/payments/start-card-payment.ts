import { DomainError } from '../../domain/errors.js';
import { CardPayment } from '../../domain/payments/card-payment.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { IdGenerator } from '../../domain/ports/id-generator.js';
import type { RequestScope, UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { orderKey } from '../../domain/resource-keys.js';

/** Stores that an order is about to be paid by card, before the gateway hears of it. */
export class StartCardPayment {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
    /** How long the caller may drive it alone, in milliseconds. */
    private readonly claimMs: number,
  ) {}

  /**
   * Its id, and again the same id for the same idempotency key.
   * @throws DomainError `order_not_payable`, also while another card payment of it is under way
   */
  execute(
    { userId, orderId }: { readonly userId: string; readonly orderId: string },
    scope: RequestScope,
  ): Promise<{ readonly id: string }> {
    return this.unitOfWork.run({ ...scope, locks: [orderKey(orderId)] }, async (tx) => {
      const now = this.clock.now();
      const order = await tx.orders.get(orderId);
      order.requireOwner(userId);
      const { total: amount } = order.pay(now).state;
      if (await tx.cardPayments.findLive(orderId)) throw underWay(orderId);
      const fields = { id: this.ids.next(), orderId, userId, amount };
      const { state } = await tx.cardPayments.save(CardPayment.start(fields, now, this.claimMs));
      return { id: state.id };
    });
  }
}

function underWay(orderId: string): DomainError {
  const message = 'Another card payment of the order is under way.';
  return new DomainError('order_not_payable', message, { orderId });
}
