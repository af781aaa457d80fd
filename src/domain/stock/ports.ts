import type { Counted } from '../orders/quotas.js';
import type { Buyer, Offers } from './offers.js';
import type { Stock, StockState } from './stock.js';

/** A changed stock, and the version of the row that it replaces. */
export interface StockReplacement {
  /** With the version that the row will have. */
  readonly state: StockState;
  readonly readVersion: number;
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
   * What these customers need to know to buy: stocks, prices, and what each customer has open, read at
   * the same moment. So a request that saves one of these stocks has counted its units right, or
   * meets a changed row. Only what is in `counted` is read of the open claims. A product that is
   * missing has no offer.
   */
  abstract offers(buyers: readonly Buyer[], counted: readonly Counted[]): Promise<Offers>;

  /**
   * @returns the stock with its new version
   * @throws ConcurrentUpdateError it was changed since it was read
   */
  abstract save(stock: Stock): Promise<Stock>;

  /**
   * Saves changes of many products by one statement, none of them new.
   *
   * @returns the stocks with their new versions
   * @throws ConcurrentUpdateError one of them was changed since it was read
   */
  abstract saveMany(stocks: readonly Stock[]): Promise<Stock[]>;

  /**
   * As `saveMany` for stocks that were changed several times since they were read.
   *
   * @throws ConcurrentUpdateError one of them was changed by another since it was read
   */
  abstract replaceMany(replacements: readonly StockReplacement[]): Promise<void>;
}

/** Reads of stock, straight from the database: it changes with every order. */
export abstract class StockQueries {
  /** @throws DomainError `product_not_found` */
  abstract get(productId: string): Promise<StockState>;
}
