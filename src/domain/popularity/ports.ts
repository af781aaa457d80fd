import type { PopularityWindow, Ranking, SalesSpan, Sold } from './popularity.js';
import type { Sale } from './sale.js';

/** Reads sales from the orders and their payments. */
export abstract class SalesQueries {
  /** Most units first, then by product. An order counts at the time of its payment. */
  abstract top(span: SalesSpan, limit: number): Promise<Sold[]>;

  /**
   * Sales from a time on, refunded ones too, sorted by time; `after` continues behind that sale.
   */
  abstract since(time: Date, limit: number, after?: Sale): Promise<Sale[]>;

  /** The sales of those orders that were paid, refunded ones too, in no particular order. */
  abstract ofOrders(orderIds: readonly string[]): Promise<Sale[]>;
}

/** The latest ranking of each window. */
export abstract class RankingStore {
  abstract find(window: PopularityWindow): Promise<Ranking | undefined>;

  /** Stores the ranking, unless a later one is stored. */
  abstract publish(ranking: Ranking): Promise<void>;
}
