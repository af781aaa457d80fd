import { DomainError } from '../errors.js';

export interface ProductState {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  /** Price of one unit, in points. */
  readonly price: number;
  readonly category: string;
  readonly likes: number;
  /** 0 before the first save; each save adds 1. */
  readonly version: number;
  readonly updatedAt: Date;
}

export type ProductChange = Partial<Pick<ProductState, 'name' | 'price' | 'category'>>;

/**
 * A product for sale: its description and its price. Its stock is separate, because that changes
 * far more often.
 */
export class Product {
  private constructor(readonly state: ProductState) {}

  static create(
    fields: Pick<ProductState, 'id' | 'sku' | 'name' | 'price' | 'category'>,
    now: Date,
  ): Product {
    return new Product({ ...fields, likes: 0, version: 0, updatedAt: now });
  }

  static restore(state: ProductState): Product {
    return new Product(state);
  }

  /**
   * @throws DomainError `precondition_failed` the product does not meet the condition of the caller
   */
  require(condition: (product: ProductState) => boolean): void {
    if (!condition(this.state)) {
      throw new DomainError('precondition_failed', 'The product does not meet the condition.', {
        productId: this.state.id,
        currentVersion: this.state.version,
      });
    }
  }

  revise(change: ProductChange, now: Date): Product {
    return new Product({ ...this.state, ...change, updatedAt: now });
  }
}

export function productNotFound(productId: string): DomainError {
  return new DomainError('product_not_found', 'There is no such product.', { productId });
}
