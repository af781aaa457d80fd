export type PaymentStatus = 'CAPTURED' | 'REFUNDED';

export interface PaymentState {
  readonly id: string;
  readonly orderId: string;
  readonly userId: string;
  readonly method: 'points';
  readonly amount: number;
  readonly status: PaymentStatus;
  readonly createdAt: Date;
  /** 0 until it is first saved; every save adds 1. */
  readonly version: number;
}

/** Points taken for one order. An order has at most one payment, refunded at most once. */
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
