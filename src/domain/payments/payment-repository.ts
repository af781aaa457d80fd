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
