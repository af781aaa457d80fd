import type { CardPaymentStatus } from '../../domain/payments/card-payment.js';

/** Is told how card payments go on, after it is committed. */
export interface CardPaymentObserver {
  moved(to: CardPaymentStatus): void;
  /** A step that is tried again later. */
  failed(id: string, error: unknown): void;
}
