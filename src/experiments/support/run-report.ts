import type { OrderStatus } from '../../domain/orders/order.js';
import type { ArrivalFigures } from './ordering/arrival-order.js';
import type { TimelineEvent } from './timeline.js';
import type { WaitFigures } from './wait-figures.js';

/** The result of one run. */
export interface RunReport<Shown = Outcome> {
  /** What differs from the other runs of the experiment. */
  readonly variant: string;
  readonly timeline: readonly TimelineEvent[];
  readonly outcome: Shown;
}

/** Outcome of an experiment on locks, caches, ways to order, or payments. */
export type Outcome = BalanceOutcome | FreshnessOutcome | OrderingOutcome | MoneyOutcome;

/** Whether updates were lost. */
export interface BalanceOutcome {
  /** The balance if every charge and payment that was acknowledged had its effect. */
  readonly expected: number;
  /** The balance that the database holds. */
  readonly actual: number;
  /** Acknowledged charges and payments without effect: overwritten by another. */
  readonly lostUpdates: number;
  /** Requests that were answered with a failure. */
  readonly refused: number;
  /** Only where ways of waiting are compared. */
  readonly waits?: WaitFigures;
}

/** How old answers were. */
export interface FreshnessOutcome {
  readonly answers: number;
  /** Answers that had been replaced before their reader asked. */
  readonly stale: number;
  /** How long the oldest of them had been replaced by then, in milliseconds. */
  readonly oldestMs: number;
  /** The most that the product allows, in milliseconds. */
  readonly boundMs: number;
  /** How often the database was asked. */
  readonly databaseQueries: number;
}

/** Where the money of one order is, in points, from the charges at the bank. */
export interface MoneyOutcome {
  readonly order: OrderStatus;
  /** Authorised, and neither captured nor voided. */
  readonly reserved: number;
  readonly captured: number;
  readonly refunded: number;
  readonly voided: number;
  /** Points that are reserved or captured and not refunded, minus the price of a paid order. */
  readonly missing: number;
}

/** Figures of the orders of one product; times in milliseconds. */
export interface OrderingOutcome extends ArrivalFigures {
  readonly buyers: number;
  /** Orders that were placed. The other buyers got the answer that the product is sold out. */
  readonly sold: number;
  /** Orders beyond the units in stock. */
  readonly oversold: number;
  readonly unitsLeft: number;
  readonly settledPerSecond: number;
  /** Until the first answer: the order, or the acceptance by the queue. */
  readonly answeredP50Ms: number;
  readonly answeredP99Ms: number;
  /** Until the buyer knew the outcome. */
  readonly settledP50Ms: number;
  readonly settledP99Ms: number;
  /** The times that 0, 1, … 100 percent of the buyers did not exceed. */
  readonly settledMs: readonly number[];
  /** The most database connections of all instances at one moment. */
  readonly connections: number;
}
