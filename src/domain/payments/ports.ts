import type { CardPayment, CardPaymentState, CardPaymentStatus } from './card-payment.js';
import type { Payment } from './payment.js';

/** Payments, inside a transaction. */
export abstract class PaymentRepository {
  /** Absent while the order is unpaid. */
  abstract findByOrder(orderId: string): Promise<Payment | undefined>;

  /**
   * @returns the payment with its new version
   * @throws ConcurrentUpdateError it was changed since it was read, or the order has one already
   */
  abstract save(payment: Payment): Promise<Payment>;
}

/** Payments by card, inside a transaction. */
export abstract class CardPaymentRepository {
  /** @throws Error there is none with this id */
  abstract get(id: string): Promise<CardPayment>;

  /** The one through which the order may be, or is, paid. */
  abstract findLive(orderId: string): Promise<CardPayment | undefined>;

  /**
   * @returns the payment with its new version
   * @throws ConcurrentUpdateError it was changed since it was read, or the order has a live one
   */
  abstract save(payment: CardPayment): Promise<CardPayment>;
}

/** The message names the id and nothing else. */
export class UnknownCardPaymentError extends Error {
  override readonly name = 'UnknownCardPaymentError';

  constructor(id: string) {
    super(`there is no card payment ${id}`);
  }
}

/** Reads payments by card without lock or transaction. */
export abstract class CardPaymentQueries {
  /** @throws Error there is none with this id */
  abstract get(id: string): Promise<CardPaymentState>;

  /** The first `limit` that are to be gone on with at `now`, the longest overdue first. */
  abstract due(now: Date, limit: number): Promise<readonly CardPaymentState[]>;

  /** When the next is due; absent when all are settled. */
  abstract nextDue(): Promise<Date | undefined>;

  /** How many there are that are not settled, by status; a status without any is left out. */
  abstract open(): Promise<ReadonlyMap<CardPaymentStatus, number>>;
}
