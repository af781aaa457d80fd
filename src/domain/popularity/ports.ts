import type { PopularityWindow, Ranking, SalesSpan, Sold } from './popularity.js';
import type { Sale } from './sale.js';

/** Reads of sales from the orders and payments themselves. */
export abstract class SalesQueries {
  /** Most units first, then by product; an order counts at the time it was paid. */
  abstract top(span: SalesSpan, limit: number): Promise<Sold[]>;

  /** Sales from a time on, the returned ones too, by time; `after` continues behind that sale. */
  abstract since(time: Date, limit: number, after?: Sale): Promise<Sale[]>;

  /** Those of these orders that were paid, returned or not; in no certain order. */
  abstract ofOrders(orderIds: readonly string[]): Promise<Sale[]>;
}

/** The ranking of each window as it was computed last. */
export abstract class RankingStore {
  abstract find(window: PopularityWindow): Promise<Ranking | undefined>;

  /** One that was computed later stays. */
  abstract publish(ranking: Ranking): Promise<void>;
}
