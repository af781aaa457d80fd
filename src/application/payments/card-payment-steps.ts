import type { Order } from '../../domain/orders/order.js';
import type {
  CardPayment,
  CardPaymentState,
  CardPaymentStatus,
} from '../../domain/payments/card-payment.js';
import { Payment } from '../../domain/payments/payment.js';
import type { Charge, PaymentGateway } from '../../domain/payments/payment-gateway.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { Transaction, UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { orderKey } from '../../domain/resource-keys.js';

/** Receives what happens to card payments, after each commit. */
export interface CardPaymentObserver {
  moved(to: CardPaymentStatus): void;
  /** A step failed; it is tried again later. */
  failed(id: string, error: unknown): void;
}

/** Asks the gateway for the charge; undefined: the gateway does not know it. */
export type Ask = () => Promise<Charge | undefined>;

/**
 * The steps of a card payment. A step calls the gateway without a lock and without a transaction. Then
 * it compares the answer with the stored state, in its own transaction. The same transaction changes
 * the order where that is necessary.
 */
export class CardPaymentSteps {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly gateway: PaymentGateway,
    private readonly clock: Clock,
    private readonly observer: CardPaymentObserver,
    /** How long an authorisation may still reach the gateway that does not know it, in ms. */
    private readonly abandonAfterMs: number,
  ) {}

  /** Does the next step. A payment whose status stays the same has to wait. */
  next(state: CardPaymentState, ask: Ask): Promise<CardPayment> {
    if (state.status === 'STARTED') return this.#authorise(state, ask);
    if (state.status === 'CONFIRMED') return this.#capture(state);
    return state.status === 'VOIDING' ? this.#void(state) : this.#refund(state);
  }

  ask({ id, orderId, amount }: CardPaymentState, token: string): Promise<Charge> {
    return this.gateway.authorise({ reference: id, orderId, amount, token });
  }

  /** Authorises again only when the gateway does not know the charge and the token is given. */
  async askAgain(state: CardPaymentState, token?: string): Promise<Charge | undefined> {
    const charge = await this.gateway.find(state.id);
    return charge || token === undefined ? charge : this.ask(state, token);
  }

  async #authorise(state: CardPaymentState, ask: Ask): Promise<CardPayment> {
    const charge = await ask();
    // @plant card-decided-before-capture
    return this.change(state, (payment, tx) => this.#decide(payment, charge, tx));
  }

  async #decide(
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
    if (charge?.status === 'authorised') return this.#confirm(payment, order.pay(now), tx, now);
    const abandonedAt = payment.state.createdAt.getTime() + this.abandonAfterMs;
    const mayStillCome = charge === undefined && now.getTime() < abandonedAt;
    return mayStillCome ? payment : payment.giveUp('not_reached');
  }

  async #confirm(
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

  async #capture(state: CardPaymentState): Promise<CardPayment> {
    const { status } = await this.gateway.capture(state.id);
    return this.change(state, (payment) => {
      if (status === 'captured') return payment.captured();
      return expectMoved(payment, state, status);
    });
  }

  async #void(state: CardPaymentState): Promise<CardPayment> {
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

  async #refund(state: CardPaymentState): Promise<CardPayment> {
    const { status } = await this.gateway.refund(state.id);
    return this.change(state, (payment) => {
      if (status === 'refunded') return payment.refunded();
      return expectMoved(payment, state, status);
    });
  }

  /** Changes the stored payment under the lock of its order. */
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

/** Another step may have changed the payment meanwhile. Otherwise the gateway contradicts it. */
function expectMoved(payment: CardPayment, was: CardPaymentState, charge: string): CardPayment {
  if (payment.state.status !== was.status) return payment;
  throw new GatewayContradictionError(was, charge);
}

/** The stored state and the answer of the gateway contradict each other; a human must decide. */
class GatewayContradictionError extends Error {
  override readonly name = 'GatewayContradictionError';

  constructor({ id, status }: CardPaymentState, charge: string) {
    super(`card payment ${id} is ${status} here and ${charge} at the gateway`);
  }
}
