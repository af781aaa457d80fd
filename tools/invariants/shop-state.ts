/** The state of a shop after some traffic, as its clients can read it, and the answers they got. */
export interface ShopState {
  readonly products: readonly ProductState[];
  readonly customers: readonly CustomerState[];
  readonly orders: readonly OrderSent[];
}

export interface ProductState {
  readonly id: string;
  /** Units in stock at its creation. */
  readonly initial: number;
  readonly available: number;
  readonly held: number;
}

export interface CustomerState {
  readonly userId: string;
  readonly balance: number;
  /** Amounts of the ledger, charges above 0 and payments below. */
  readonly entries: readonly number[];
  /** All orders of the customer, who places no other orders than those in `ShopState.orders`. */
  readonly orders: readonly OrderState[];
}

export interface OrderState {
  readonly id: string;
  readonly status: string;
  readonly items: readonly { readonly productId: string; readonly quantity: number }[];
}

/** One attempt to order, as its client saw it. */
export interface OrderSent {
  readonly userId: string;
  /** Its idempotency key, or a unique name for an attempt without one. */
  readonly key: string;
  /** 0 if there was no answer. */
  readonly status: number;
  /** From a 201. */
  readonly orderId?: string | undefined;
}

/** One attempt to pay an order by points, as its client saw it. */
export interface PaymentSent {
  readonly userId: string;
  readonly orderId: string;
  /** 0 if there was no answer. */
  readonly status: number;
}
