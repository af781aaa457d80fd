import type { Replacement } from '../ports/replacement.js';
import type { CardPayment, CardPaymentState, CardPaymentStatus } from './card-payment.js';
import type { Payment, PaymentState } from './payment.js';

/** Payments, inside a transaction. */
export abstract class PaymentRepository {
  /** Undefined while the order is unpaid. */
  abstract findByOrder(orderId: string): Promise<Payment | undefined>;

  /**
   * @returns the payment with its new version
   * @throws ConcurrentUpdateError the payment was changed since it was read, or the order has
   *   another payment
   */
  abstract save(payment: Payment): Promise<Payment>;
}

/** Payments as the write buffer of a batch reads and writes them: many by one statement. */
export abstract class PaymentBatchRepository extends PaymentRepository {
  /** In no particular order. Unpaid orders are left out. */
  abstract findByOrders(orderIds: readonly string[]): Promise<Payment[]>;

  /**
   * Adds new payments, and saves changed ones, by one statement each.
   *
   * @throws ConcurrentUpdateError one of them was changed since it was read, or its order has another
   *   payment
   */
  abstract replaceMany(payments: readonly Replacement<PaymentState>[]): Promise<void>;
}

/** Payments by card, inside a transaction. */
export abstract class CardPaymentRepository {
  /** @throws Error no payment has this id */
  abstract get(id: string): Promise<CardPayment>;

  /** The card payment that has paid the order, or that may still pay it. */
  abstract findLive(orderId: string): Promise<CardPayment | undefined>;

  /**
   * @returns the payment with its new version
   * @throws ConcurrentUpdateError the payment was changed since it was read, or the order has
   *   another live payment
   */
  abstract save(payment: CardPayment): Promise<CardPayment>;
}

/** The message contains the id and nothing else. */
export class UnknownCardPaymentError extends Error {
  override readonly name = 'UnknownCardPaymentError';

  constructor(id: string) {
    super(`there is no card payment ${id}`);
  }
}

/** Reads payments by card without lock or transaction. */
export abstract class CardPaymentQueries {
  /** @throws Error no payment has this id */
  abstract get(id: string): Promise<CardPaymentState>;

  /** The first `limit` payments whose next step is due at `now`, the longest overdue first. */
  abstract due(now: Date, limit: number): Promise<readonly CardPaymentState[]>;

  /** When the next payment is due; undefined when all are settled. */
  abstract nextDue(): Promise<Date | undefined>;

  /** How many payments are not settled, by status. A status without any is left out. */
  abstract open(): Promise<ReadonlyMap<CardPaymentStatus, number>>;
}
