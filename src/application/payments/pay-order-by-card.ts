import { DomainError } from '../../domain/errors.js';
import type { OrderQueries } from '../../domain/orders/ports.js';
import { CardPayment } from '../../domain/payments/card-payment.js';
import { Payment } from '../../domain/payments/payment.js';
import type { CardPaymentQueries } from '../../domain/payments/ports.js';
import { DependencyUnavailableError } from '../../domain/ports/failures.js';
import type { RequestScope } from '../../domain/ports/unit-of-work.js';
import type { PaidOrder } from '../orders/pay-order-by-points.js';
import type { Progress, SettleCardPayment } from './settle-card-payment.js';
import type { StartCardPayment } from './start-card-payment.js';

/** No user id contains a blank, so this scope cannot be equal to the scope of a caller. */
const REPEATS = 'card payment';

export interface CardOrder {
  readonly userId: string;
  readonly orderId: string;
  /** Names the card at the gateway. It is never stored. */
  readonly token: string;
}

/**
 * Pays a pending order by card. A repeat with the same idempotency key continues the first payment. It
 * never charges twice, and it gets the outcome of the first request.
 */
export class PayOrderByCard {
  constructor(
    private readonly starts: StartCardPayment,
    private readonly settle: SettleCardPayment,
    private readonly payments: CardPaymentQueries,
    private readonly orders: OrderQueries,
  ) {}

  /**
   * @throws DomainError `card_declined`, or `order_not_payable`: nothing is charged in the end
   * @throws DomainError `idempotency_in_progress` the first request or its recovery still runs
   * @throws DependencyUnavailableError the outcome is not known yet; a job settles the payment
   */
  async execute(order: CardOrder, scope: RequestScope = {}): Promise<PaidOrder> {
    const { payment, failure } = await this.#progress(order, scope);
    return this.#outcomeOf(payment, failure);
  }

  async #progress(order: CardOrder, scope: RequestScope): Promise<Progress> {
    let isRepeat = false;
    const once = scope.once && {
      ...scope.once,
      replayed: () => {
        isRepeat = true;
        scope.once?.replayed();
      },
    };
    const { id } = await this.starts.execute(order, { ...scope, once });
    const payment = CardPayment.restore(await this.payments.get(id));
    if (!isRepeat) return this.settle.start(payment, order.token);
    // The first try had no effect, so the repeat is a new payment.
    if (once && payment.isUnheard) {
      return this.#progress(order, { ...scope, once: { ...once, scope: REPEATS, key: id } });
    }
    return this.#goOn(payment, order.token);
  }

  async #goOn(payment: CardPayment, token: string): Promise<Progress> {
    if (payment.state.status !== 'STARTED') return { payment };
    const progress = await this.settle.resume(payment.state, token);
    if (progress) return progress;
    throw new DomainError(
      'idempotency_in_progress',
      'The first request with this key has not ended yet.',
    );
  }

  async #outcomeOf(payment: CardPayment, failure: unknown): Promise<PaidOrder> {
    const { orderId, userId, amount, id, paidAt, refusal } = payment.state;
    const order = payment.paidOrder(await this.orders.get(orderId));
    if (order && paidAt) {
      const taken = { id, orderId, userId, method: 'card', amount, createdAt: paidAt } as const;
      return { payment: { ...Payment.capture(taken).state, version: 1 }, order };
    }
    if (refusal === 'declined') {
      throw new DomainError('card_declined', "The card's bank declined the payment.", { orderId });
    }
    if (refusal === 'order_not_payable') {
      const message = 'The order ended before the card payment; nothing is taken from the card.';
      throw new DomainError('order_not_payable', message, { orderId });
    }
    throw failure ?? new DependencyUnavailableError('payment_gateway', undefined);
  }
}
