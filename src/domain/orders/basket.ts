export interface BasketItem {
  readonly productId: string;
  /** Units, at least 1. */
  readonly quantity: number;
}

/** The products of one order, and how many units of each. */
export class Basket {
  /** Sorted, so that all requests lock their products in one global sequence. */
  readonly productIds: readonly string[];
  private readonly quantities: ReadonlyMap<string, number>;

  /** @throws RangeError a product appears twice */
  constructor(items: readonly BasketItem[]) {
    this.quantities = new Map(items.map((item) => [item.productId, item.quantity]));
    if (this.quantities.size !== items.length) throw new RangeError('a product appears twice');
    this.productIds = [...this.quantities.keys()].sort();
  }

  /** In the sequence of `productIds`. */
  get items(): BasketItem[] {
    return this.productIds.map((productId) => {
      return { productId, quantity: this.quantityOf(productId) };
    });
  }

  /** @throws RangeError the product is not in the basket */
  quantityOf(productId: string): number {
    const quantity = this.quantities.get(productId);
    if (quantity === undefined) throw new RangeError(`${productId} is not in the basket`);
    return quantity;
  }
}
