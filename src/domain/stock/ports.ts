import type { Counted, OpenClaims } from '../orders/quotas.js';
import type { Stock, StockState } from './stock.js';

/** Stocks, and what one customer has open. */
export interface StocksAndClaims {
  readonly stocks: readonly Stock[];
  readonly claims: OpenClaims;
}

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
   * As `getMany`, with what the customer has open, read at the same moment: whoever saves one of
   * these stocks has counted its units right, or meets a changed row. Only what is to be counted
   * is read.
   * @throws DomainError `product_not_found` naming the first that is missing
   */
  abstract getManyFor(
    userId: string,
    productIds: readonly string[],
    counted: readonly Counted[],
  ): Promise<StocksAndClaims>;

  /**
   * @returns the stock with its new version
   * @throws ConcurrentUpdateError it was changed since it was read
   */
  abstract save(stock: Stock): Promise<Stock>;

  /**
   * Saves changes of many products at once, none of them new: by one statement where there are
   * statements, for an order may be of a hundred.
   *
   * @throws ConcurrentUpdateError one of them was changed since it was read
   */
  abstract saveMany(stocks: readonly Stock[]): Promise<Stock[]>;
}

/** Reads of stock, straight from the database: it changes with every order. */
export abstract class StockQueries {
  /** @throws DomainError `product_not_found` */
  abstract get(productId: string): Promise<StockState>;
}
