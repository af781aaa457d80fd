import type { CardPayment } from './card-payment.js';

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
