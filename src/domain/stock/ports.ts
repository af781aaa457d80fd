import type { Counted } from '../orders/quotas.js';
import type { Replacement } from '../ports/replacement.js';
import type { Buyer, Offers } from './offers.js';
import type { Stock, StockState } from './stock.js';

/** The units of each product, inside a transaction. */
export abstract class StockRepository {
  /** @throws DomainError `product_not_found` */
  abstract get(productId: string): Promise<Stock>;

  /**
   * In the order of `productIds`.
   * @throws DomainError `product_not_found` with the first id that is missing
   */
  abstract getMany(productIds: readonly string[]): Promise<Stock[]>;

  /**
   * Reads what is needed for the orders of these customers, all at one moment: stocks, prices, and
   * what each customer has open. So when a request saves one of these stocks, its count was right,
   * or the save fails because the row was changed. Of the open claims only those in `counted` are
   * read. A missing product has no offer.
   */
  abstract offers(buyers: readonly Buyer[], counted: readonly Counted[]): Promise<Offers>;

  /**
   * Counts the units that the customer has of each of these products, in reservations and in unpaid
   * orders. A product without units may be missing. The cost grows with the items of all of them, so
   * ask only where the upper bound in `OpenClaims` does not admit the units.
   */
  abstract getOpenUnits(
    userId: string,
    productIds: readonly string[],
  ): Promise<ReadonlyMap<string, number>>;

  /**
   * @returns the stock with its new version
   * @throws ConcurrentUpdateError the stock was changed since it was read
   */
  abstract save(stock: Stock): Promise<Stock>;

  /**
   * Saves changed stocks of many products by one statement. None of them is new.
   *
   * @returns the stocks with their new versions
   * @throws ConcurrentUpdateError one of them was changed since it was read
   */
  abstract saveMany(stocks: readonly Stock[]): Promise<Stock[]>;
}

/** Stocks as the write buffer of a batch writes them. */
export abstract class StockBatchRepository extends StockRepository {
  /**
   * The same as `saveMany`, for stocks that were changed several times since they were read.
   *
   * @throws ConcurrentUpdateError another transaction changed one of them since it was read
   */
  abstract replaceMany(replacements: readonly Replacement<StockState>[]): Promise<void>;
}

/** Reads stock directly from the database, because it changes with every order. */
export abstract class StockQueries {
  /** @throws DomainError `product_not_found` */
  abstract get(productId: string): Promise<StockState>;
}
