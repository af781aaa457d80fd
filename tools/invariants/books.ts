/** What a shop looks like from outside after some traffic, and what its clients were told. */
export interface Books {
  readonly products: readonly ProductBook[];
  readonly customers: readonly CustomerBook[];
  readonly orders: readonly OrderSent[];
}

export interface ProductBook {
  readonly id: string;
  /** Units it was made with. */
  readonly initial: number;
  readonly available: number;
  readonly held: number;
}

export interface CustomerBook {
  readonly userId: string;
  readonly balance: number;
  /** Amounts of the ledger, charges above 0 and payments below. */
  readonly entries: readonly number[];
  /** All there are: whoever is here orders nothing but what `Books.orders` tells. */
  readonly orders: readonly OrderBook[];
}

export interface OrderBook {
  readonly id: string;
  readonly status: string;
  readonly items: readonly { readonly productId: string; readonly quantity: number }[];
}

/** One attempt to order, as its client saw it. */
export interface OrderSent {
  readonly userId: string;
  /** Its idempotency key, or a name of its own for an attempt that had none. */
  readonly key: string;
  /** 0 when there was no answer at all. */
  readonly status: number;
  /** Told by a 201. */
  readonly orderId?: string | undefined;
}
