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

/**
 * Why the order was not paid: the bank declined the card, the order had ended, or nobody asked the
 * gateway.
 */
export type CardRefusal = 'declined' | 'order_not_payable' | 'not_reached';

export interface CardPaymentState {
  /** Also the reference of its charge at the gateway, and the id of the payment that it becomes. */
  readonly id: string;
  readonly orderId: string;
  readonly userId: string;
  readonly amount: number;
  readonly status: CardPaymentStatus;
  readonly refusal: CardRefusal | null;
  /** When it paid the order, and the version of the order at that time. */
  readonly paidAt: Date | null;
  readonly paidVersion: number | null;
  /** Until this time only one process works on it. */
  readonly busyUntil: Date;
  /** When its next step is due; null when there is nothing left to do. */
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

/** In these states nothing is held on the card, so the order may be paid in another way. */
const OVER: ReadonlySet<CardPaymentStatus> = new Set(['DECLINED', 'VOIDED', 'REFUNDED']);

/**
 * Milliseconds until a failed step is tried again: doubled after each failure, up to the longest.
 */
const BACKOFF = { firstMs: 250, longestMs: 60_000 };

/**
 * The payment of one order by card, as a saga: authorise, confirm with the order, capture; or
 * compensate.
 *
 * A transition depends on what happened, never on what was planned. A transition that comes too
 * late changes nothing, for example when another process was faster.
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

  /** While this is true, no other card payment of the order can start. */
  get isLive(): boolean {
    return !OVER.has(this.state.status);
  }

  /** It ended before the gateway received anything, so the customer may try again. */
  get isUnheard(): boolean {
    return this.state.status === 'VOIDED' && this.state.refusal === 'not_reached';
  }

  /**
   * Claims it for one process for a while. Undefined: another process has it, or nothing is left to
   * do.
   */
  claim(now: Date, claimMs: number): CardPayment | undefined {
    if (this.isSettled || now < this.state.busyUntil) return undefined;
    const busyUntil = new Date(now.getTime() + claimMs);
    return this.with({ busyUntil, dueAt: busyUntil });
  }

  /** A step failed, or its result is not known: a process continues later. */
  postpone(now: Date): CardPayment {
    if (this.isSettled) return this;
    const { failures } = this.state;
    const ms = Math.min(BACKOFF.firstMs * 2 ** failures, BACKOFF.longestMs);
    const dueAt = new Date(now.getTime() + ms);
    return this.with({ busyUntil: now, dueAt, failures: failures + 1 });
  }

  /** It paid the order, in the same transaction. */
  confirm(paidAt: Date, paidVersion: number): CardPayment {
    return this.from('STARTED', 'CONFIRMED', { paidAt, paidVersion });
  }

  decline(): CardPayment {
    return this.from('STARTED', 'DECLINED', { refusal: 'declined' });
  }

  /** It does not pay the order: the amount that the card holds must be released. */
  giveUp(refusal: CardRefusal): CardPayment {
    return this.from('STARTED', 'VOIDING', { refusal });
  }

  captured(): CardPayment {
    return this.from('CONFIRMED', 'CAPTURED');
  }

  /** Its order was cancelled. The capture may be under way at this moment. */
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

  /** The order as it was right after this payment; undefined when it never paid the order. */
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
