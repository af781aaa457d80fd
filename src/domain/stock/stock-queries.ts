import type { StockState } from './stock.js';

/** Reads of stock, straight from the database: it changes with every order. */
export abstract class StockQueries {
  /** @throws DomainError `product_not_found` */
  abstract get(productId: string): Promise<StockState>;
}
