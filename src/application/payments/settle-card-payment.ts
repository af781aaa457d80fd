import type { CardPayment, CardPaymentState } from '../../domain/card-payment.js';
import type { Order } from '../../domain/order.js';
import { Payment } from '../../domain/payment.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { Charge, PaymentGateway } from '../../domain/ports/payment-gateway.js';
import type { Transaction, UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { orderKey } from '../../domain/resource-keys.js';
import type { CardPaymentObserver } from './card-payment-observer.js';

/** How far a payment came, and what kept it from going on. */
export interface Progress {
  readonly payment: CardPayment;
  readonly failure?: unknown;
}

export interface SettlingTimes {
  /** How long one driver may take before another may go on, in milliseconds. */
  readonly claimMs: number;
  /** How long an authorisation that the gateway has not heard of may still come. */
  readonly patienceMs: number;
}

/**
 * Drives a payment by card on, step by step, until it is settled. The gateway is called outside
 * of lock and transaction; what it answers is compared with the stored state in a transaction of
 * its own. So a driver that dies or sleeps at any point is followed by another that asks again,
 * and two at once do no harm: the gateway takes a repeat for what it is, and a transition that
 * another has made already is none.
 */
export class SettleCardPayment {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly gateway: PaymentGateway,
    private readonly clock: Clock,
    private readonly observer: CardPaymentObserver,
    private readonly times: SettlingTimes,
  ) {}

  /** Undefined while another drives it. */
  async resume(state: CardPaymentState, token?: string): Promise<Progress | undefined> {
    let isMine = false;
    const payment = await this.change(state, (current) => {
      const claimed = current.claim(this.clock.now(), this.times.claimMs);
      isMine = claimed !== undefined;
      return claimed ?? current;
    });
    return isMine ? this.drive(payment, token) : undefined;
  }

  /**
   * Only for whoever has claimed it. With the token it is asked for anew; without, the gateway
   * is asked what became of it.
   */
  async drive(payment: CardPayment, token?: string): Promise<Progress> {
    let current = payment;
    try {
      while (!current.isSettled) {
        const next = await this.step(current.state, token);
        if (next.state.status === current.state.status) return await this.wait(next);
        current = next;
      }
      return { payment: current };
    } catch (failure) {
      this.observer.failed(current.state.id, failure);
      // The claim ends by itself.
      await this.postpone(current.state).catch(() => {});
      return { payment: current, failure };
    }
  }

  private async wait({ state }: CardPayment): Promise<Progress> {
    return { payment: await this.postpone(state) };
  }

  private postpone(state: CardPaymentState): Promise<CardPayment> {
    return this.change(state, (payment) => payment.postpone(this.clock.now()));
  }

  private step(state: CardPaymentState, token: string | undefined): Promise<CardPayment> {
    if (state.status === 'STARTED') return this.authorise(state, token);
    if (state.status === 'CONFIRMED') return this.capture(state);
    return state.status === 'VOIDING' ? this.void(state) : this.refund(state);
  }

  private async authorise(state: CardPaymentState, token?: string): Promise<CardPayment> {
    const { id: reference, orderId, amount } = state;
    const charge =
      token === undefined
        ? await this.gateway.find(reference)
        : await this.gateway.authorise({ reference, orderId, amount, token });
    return this.change(state, (payment, tx) => this.decide(payment, charge, tx));
  }

  private async decide(
    payment: CardPayment,
    charge: Charge | undefined,
    tx: Transaction,
  ): Promise<CardPayment> {
    if (payment.state.status !== 'STARTED') return payment;
    if (charge?.status === 'declined') return payment.decline();
    const order = await tx.orders.get(payment.state.orderId);
    const now = this.clock.now();
    if (!order.isPayable(now)) return payment.giveUp('order_not_payable');
    if (charge?.status === 'authorised') return this.confirm(payment, order.pay(now), tx, now);
    const givenUpAt = payment.state.createdAt.getTime() + this.times.patienceMs;
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
    const { status } = await this.gateway.void(state.id);
    return this.change(state, (payment) => {
      if (status === 'voided' || status === 'declined') return payment.voided();
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

  private async change(
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
