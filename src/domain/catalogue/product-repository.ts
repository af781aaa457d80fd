import type { Product } from './product.js';

/** Products, inside a transaction. */
export abstract class ProductRepository {
  /** @throws DomainError `product_not_found` */
  abstract get(id: string): Promise<Product>;

  /**
   * In the order of `ids`.
   * @throws DomainError `product_not_found` naming the first that is missing
   */
  abstract getMany(ids: readonly string[]): Promise<Product[]>;

  /**
   * @returns the product with its new version
   * @throws DomainError `sku_taken`
   * @throws ConcurrentUpdateError it was changed since it was read
   */
  abstract save(product: Product): Promise<Product>;
}
