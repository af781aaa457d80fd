import type { OrderState } from '../orders/order.js';

/*
 *  STARTED ──▶ CONFIRMED ──▶ CAPTURED ──▶ REFUNDING ──▶ REFUNDED
 *     │            │                         ▲
 *     │            ▼                         │ captured before the void arrived
 *     ├────────▶ VOIDING ────────────────────┤
 *     ▼                                      ▼
 *  DECLINED                               VOIDED
 */
export type CardPaymentStatus =
  | 'STARTED'
  | 'CONFIRMED'
  | 'CAPTURED'
  | 'DECLINED'
  | 'VOIDING'
  | 'VOIDED'
  | 'REFUNDING'
  | 'REFUNDED';

/** Why an order was not paid: the card's bank said no, the order had ended, nothing was asked. */
export type CardRefusal = 'declined' | 'order_not_payable' | 'not_reached';

export interface CardPaymentState {
  /** Also what the gateway knows it by, and the id of the payment it becomes. */
  readonly id: string;
  readonly orderId: string;
  readonly userId: string;
  readonly amount: number;
  readonly status: CardPaymentStatus;
  readonly refusal: CardRefusal | null;
  /** When the order became paid by it, and the order's version then. */
  readonly paidAt: Date | null;
  readonly paidVersion: number | null;
  /** Until then one process drives it alone. */
  readonly busyUntil: Date;
  /** When it is to be gone on with; null once there is nothing left to do. */
  readonly dueAt: Date | null;
  /** Steps that failed in a row. */
  readonly failures: number;
  readonly createdAt: Date;
  /** 0 until it is first saved; every save adds 1. */
  readonly version: number;
}

const SETTLED: ReadonlySet<CardPaymentStatus> = new Set([
  'CAPTURED',
  'DECLINED',
  'VOIDED',
  'REFUNDED',
]);

/** In these nothing is held on the card any more, so the order may be paid in another way. */
const OVER: ReadonlySet<CardPaymentStatus> = new Set(['DECLINED', 'VOIDED', 'REFUNDED']);

/** Milliseconds until a failed step is tried again: doubled each time, up to the longest. */
const BACKOFF = { firstMs: 250, longestMs: 60_000 };

/**
 * The payment of one order by card, as a saga: authorise, confirm with the order, capture; or
 * compensate. What has happened decides, never what was intended: a transition that comes too
 * late, as by another driver's answer, leaves it as it is.
 */
export class CardPayment {
  private constructor(readonly state: CardPaymentState) {}

  static start(
    fields: Pick<CardPaymentState, 'id' | 'orderId' | 'userId' | 'amount'>,
    now: Date,
    claimMs: number,
  ): CardPayment {
    const busyUntil = new Date(now.getTime() + claimMs);
    return new CardPayment({
      ...fields,
      status: 'STARTED',
      refusal: null,
      paidAt: null,
      paidVersion: null,
      busyUntil,
      dueAt: busyUntil,
      failures: 0,
      createdAt: now,
      version: 0,
    });
  }

  static restore(state: CardPaymentState): CardPayment {
    return new CardPayment(state);
  }

  get isSettled(): boolean {
    return SETTLED.has(this.state.status);
  }

  /** While it is, no other card payment of the order can start. */
  get isLive(): boolean {
    return !OVER.has(this.state.status);
  }

  /** Ended without the gateway ever having heard of it, so the customer may try again. */
  get isUnheard(): boolean {
    return this.state.status === 'VOIDED' && this.state.refusal === 'not_reached';
  }

  /** The right to drive it for a while; undefined while another has it, or nothing is left. */
  claim(now: Date, claimMs: number): CardPayment | undefined {
    if (this.isSettled || now < this.state.busyUntil) return undefined;
    const busyUntil = new Date(now.getTime() + claimMs);
    return this.with({ busyUntil, dueAt: busyUntil });
  }

  /** A step failed, or nothing is known yet: somebody goes on later. */
  postpone(now: Date): CardPayment {
    if (this.isSettled) return this;
    const { failures } = this.state;
    const ms = Math.min(BACKOFF.firstMs * 2 ** failures, BACKOFF.longestMs);
    const dueAt = new Date(now.getTime() + ms);
    return this.with({ busyUntil: now, dueAt, failures: failures + 1 });
  }

  /** The order became paid by it, in the same transaction. */
  confirm(paidAt: Date, paidVersion: number): CardPayment {
    return this.from('STARTED', 'CONFIRMED', { paidAt, paidVersion });
  }

  decline(): CardPayment {
    return this.from('STARTED', 'DECLINED', { refusal: 'declined' });
  }

  /** The order is not paid by it: whatever is held on the card must be let go. */
  giveUp(refusal: CardRefusal): CardPayment {
    return this.from('STARTED', 'VOIDING', { refusal });
  }

  captured(): CardPayment {
    return this.from('CONFIRMED', 'CAPTURED');
  }

  /** Its order was cancelled; the money may be on its way at this very moment. */
  cancel(now: Date): CardPayment {
    const next = this.from('CONFIRMED', 'VOIDING').from('CAPTURED', 'REFUNDING');
    return next.with({ dueAt: next.isSettled ? null : now, busyUntil: now });
  }

  voided(): CardPayment {
    return this.from('VOIDING', 'VOIDED');
  }

  /** It was captured before it could be voided. */
  voidedTooLate(): CardPayment {
    return this.from('VOIDING', 'REFUNDING');
  }

  refunded(): CardPayment {
    return this.from('REFUNDING', 'REFUNDED');
  }

  /** Its order as it was when it became paid by it; undefined when it never did. */
  paidOrder(order: OrderState): OrderState | undefined {
    const { paidVersion } = this.state;
    return paidVersion === null ? undefined : { ...order, status: 'PAID', version: paidVersion };
  }

  private from(
    before: CardPaymentStatus,
    status: CardPaymentStatus,
    facts: Partial<CardPaymentState> = {},
  ): CardPayment {
    if (this.state.status !== before) return this;
    const dueAt = SETTLED.has(status) ? null : this.state.dueAt;
    return this.with({ ...facts, status, dueAt, failures: 0 });
  }

  private with(changes: Partial<CardPaymentState>): CardPayment {
    return new CardPayment({ ...this.state, ...changes });
  }
}
