import { DomainError } from '../errors.js';

export interface ProductState {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  /** Points a unit costs. */
  readonly price: number;
  readonly category: string;
  readonly likes: number;
  /** 0 until it is first saved; every save adds 1. */
  readonly version: number;
  readonly updatedAt: Date;
}

export type ProductChange = Partial<Pick<ProductState, 'name' | 'price' | 'category'>>;

/** What is sold: its description and price, without its stock, which changes far more often. */
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

  /** @throws DomainError `precondition_failed` the product is not as the caller takes it to be */
  require(condition: (product: ProductState) => boolean): void {
    if (!condition(this.state)) {
      throw new DomainError('precondition_failed', 'The product is not as the condition says.', {
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
