import { DomainError } from '../../domain/errors.js';
import { CardPayment } from '../../domain/payments/card-payment.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { IdGenerator } from '../../domain/ports/id-generator.js';
import type { RequestScope, UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { orderKey } from '../../domain/resource-keys.js';

/** Stores a card payment before the first call to the gateway. */
export class StartCardPayment {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
    /** How long only the caller may work on it, in milliseconds. */
    private readonly claimMs: number,
  ) {}

  /**
   * Returns the id of the payment. A repeat with the same idempotency key gets the same id.
   * @throws DomainError `order_not_payable`, also while another card payment of the order is under
   *   way
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
