import type { Stock } from '../stock.js';

/** The units of each product, inside a transaction. */
export abstract class StockRepository {
  /** @throws DomainError `product_not_found` */
  abstract get(productId: string): Promise<Stock>;

  /**
   * In the order of `productIds`.
   * @throws DomainError `product_not_found` naming the first that is missing
   */
  abstract getMany(productIds: readonly string[]): Promise<Stock[]>;

  /**
   * @returns the stock with its new version
   * @throws ConcurrentUpdateError it was changed since it was read
   */
  abstract save(stock: Stock): Promise<Stock>;
}
