/** A payment as the rankings use it: it sold these units, or it does not count any more. */
export interface Sale {
  readonly paymentId: string;
  /** The customer who paid. */
  readonly userId: string;
  /** Version of the payment; the greater one is newer. */
  readonly version: number;
  /** False once the payment was refunded. */
  readonly counts: boolean;
  /** When the order was paid. */
  readonly soldAt: Date;
  readonly items: readonly { readonly productId: string; readonly quantity: number }[];
}
