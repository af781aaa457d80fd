import type { Order } from '../../domain/orders/order.js';
import type { CardPayment, CardPaymentState } from '../../domain/payments/card-payment.js';
import { Payment } from '../../domain/payments/payment.js';
import type { Charge, PaymentGateway } from '../../domain/payments/payment-gateway.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { Transaction, UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { orderKey } from '../../domain/resource-keys.js';
import type { CardPaymentObserver } from './card-payment-observer.js';

/** Asks the gateway whether the card is good; undefined when it has not heard of the charge. */
export type Ask = () => Promise<Charge | undefined>;

/**
 * The steps of a payment by card. Each calls the gateway, outside of lock and transaction, and then
 * compares what it answered with the stored state in a transaction of its own, which also changes
 * the order where that is due.
 */
export class CardPaymentSteps {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly gateway: PaymentGateway,
    private readonly clock: Clock,
    private readonly observer: CardPaymentObserver,
    /** How long an authorisation that the gateway has not heard of may still come, in ms. */
    private readonly patienceMs: number,
  ) {}

  /** The next one; a payment that is where it was has to wait. */
  next(state: CardPaymentState, ask: Ask): Promise<CardPayment> {
    if (state.status === 'STARTED') return this.authorise(state, ask);
    if (state.status === 'CONFIRMED') return this.capture(state);
    return state.status === 'VOIDING' ? this.void(state) : this.refund(state);
  }

  ask({ id, orderId, amount }: CardPaymentState, token: string): Promise<Charge> {
    return this.gateway.authorise({ reference: id, orderId, amount, token });
  }

  /** Anew only where the gateway never heard of it, and who asks has the token. */
  async askAgain(state: CardPaymentState, token?: string): Promise<Charge | undefined> {
    const charge = await this.gateway.find(state.id);
    return charge || token === undefined ? charge : this.ask(state, token);
  }

  private async authorise(state: CardPaymentState, ask: Ask): Promise<CardPayment> {
    const charge = await ask();
    // @plant card-decided-before-capture
    return this.change(state, (payment, tx) => this.decide(payment, charge, tx));
  }

  private async decide(
    payment: CardPayment,
    charge: Charge | undefined,
    tx: Transaction,
  ): Promise<CardPayment> {
    // @plant card-payment-still-started
    if (payment.state.status !== 'STARTED') return payment;
    // @end card-payment-still-started
    if (charge?.status === 'declined') return payment.decline();
    const order = await tx.orders.get(payment.state.orderId);
    const now = this.clock.now();
    // @plant card-given-up
    if (!order.isPayable(now)) return payment.giveUp('order_not_payable');
    // @end card-given-up
    if (charge?.status === 'authorised') return this.confirm(payment, order.pay(now), tx, now);
    const givenUpAt = payment.state.createdAt.getTime() + this.patienceMs;
    const mayStillCome = charge === undefined && now.getTime() < givenUpAt;
    return mayStillCome ? payment : payment.giveUp('not_reached');
  }

  private async confirm(
    payment: CardPayment,
    paid: Order,
    tx: Transaction,
    now: Date,
  ): Promise<CardPayment> {
    const { id, orderId, userId, amount } = payment.state;
    const taken = { id, orderId, userId, method: 'card', amount, createdAt: now } as const;
    await tx.payments.save(Payment.capture(taken));
    const { state } = await tx.orders.save(paid);
    return payment.confirm(now, state.version);
  }

  private async capture(state: CardPaymentState): Promise<CardPayment> {
    const { status } = await this.gateway.capture(state.id);
    return this.change(state, (payment) => {
      if (status === 'captured') return payment.captured();
      return expectMoved(payment, state, status);
    });
  }

  private async void(state: CardPaymentState): Promise<CardPayment> {
    // @plant card-void
    const { status } = await this.gateway.void(state.id);
    return this.change(state, (payment) => {
      // @plant card-voided
      if (status === 'voided' || status === 'declined') return payment.voided();
      // @end card-voided
      if (status === 'captured' || status === 'refunded') return payment.voidedTooLate();
      return expectMoved(payment, state, status);
    });
  }

  private async refund(state: CardPaymentState): Promise<CardPayment> {
    const { status } = await this.gateway.refund(state.id);
    return this.change(state, (payment) => {
      if (status === 'refunded') return payment.refunded();
      return expectMoved(payment, state, status);
    });
  }

  /** Under the order's lock, by what is stored then. */
  async change(
    { id, orderId }: CardPaymentState,
    next: (payment: CardPayment, tx: Transaction) => CardPayment | Promise<CardPayment>,
  ): Promise<CardPayment> {
    let before: string | undefined;
    const after = await this.unitOfWork.run({ locks: [orderKey(orderId)] }, async (tx) => {
      const payment = await tx.cardPayments.get(id);
      before = payment.state.status;
      const changed = await next(payment, tx);
      return changed === payment ? payment : tx.cardPayments.save(changed);
    });
    if (after.state.status !== before) this.observer.moved(after.state.status);
    return after;
  }
}

/** The gateway says something else than was asked for: right when the payment went on meanwhile. */
function expectMoved(payment: CardPayment, was: CardPaymentState, charge: string): CardPayment {
  if (payment.state.status !== was.status) return payment;
  throw new GatewayContradictionError(was, charge);
}

/** What is stored here and what the gateway says cannot both be right: a matter for a human. */
class GatewayContradictionError extends Error {
  override readonly name = 'GatewayContradictionError';

  constructor({ id, status }: CardPaymentState, charge: string) {
    super(`card payment ${id} is ${status} here and ${charge} at the gateway`);
  }
}
