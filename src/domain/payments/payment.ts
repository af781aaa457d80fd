export type PaymentStatus = 'CAPTURED' | 'REFUNDED';
export type PaymentMethod = 'points' | 'card';

export interface PaymentState {
  readonly id: string;
  readonly orderId: string;
  readonly userId: string;
  readonly method: PaymentMethod;
  readonly amount: number;
  readonly status: PaymentStatus;
  readonly createdAt: Date;
  /** 0 until it is first saved; every save adds 1. */
  readonly version: number;
}

/**
 * The points that were taken for one order, from a wallet or from a card. An order has at most one
 * payment, and a payment is refunded at most once.
 */
export class Payment {
  private constructor(readonly state: PaymentState) {}

  static capture(fields: Omit<PaymentState, 'status' | 'version'>): Payment {
    return new Payment({ ...fields, status: 'CAPTURED', version: 0 });
  }

  static restore(state: PaymentState): Payment {
    return new Payment(state);
  }

  refund(): Payment {
    return new Payment({ ...this.state, status: 'REFUNDED' });
  }
}
