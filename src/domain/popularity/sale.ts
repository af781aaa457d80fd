/** A payment as rankings see it: which units it sold, or that it no longer counts. */
export interface Sale {
  readonly paymentId: string;
  /** The customer who paid. */
  readonly userId: string;
  /** Of the payment; a greater one is the later word. */
  readonly version: number;
  /** False once the payment was refunded. */
  readonly counts: boolean;
  /** When the order was paid. */
  readonly soldAt: Date;
  readonly items: readonly { readonly productId: string; readonly quantity: number }[];
}
