import type { SalesSpan, Sold } from './popularity.js';
import type { Sale } from './sale.js';

/**
 * Units sold, kept so that a window's ranking is at hand without reading its orders. A projection:
 * it may be lost, and is built again from the orders.
 *
 * Every method throws DependencyUnavailableError when its server does not answer.
 */
export abstract class SalesRanking {
  /** Telling a sale again, or after a later word on it, changes nothing. */
  abstract record(sales: readonly Sale[]): Promise<void>;

  /** Same result as SalesQueries; undefined while the ranking does not hold all sales. */
  abstract top(span: SalesSpan, limit: number): Promise<Sold[] | undefined>;

  /**
   * How many different customers paid in a span of a short window; one who was refunded since may be
   * among them. Undefined while the sales are not all in here.
   */
  abstract buyers(span: SalesSpan): Promise<number | undefined>;

  /**
   * Empties it, to be built again: when something is `missing`, or `always`, in place of
   * a rebuild that is under way. Undefined when there is nothing to do.
   */
  abstract rebuild(when: RebuildWhen): Promise<RankingRebuild | undefined>;
}

export type RebuildWhen = 'missing' | 'always';

/** A ranking that is being built; each method throws RebuildOvertakenError when another began. */
export interface RankingRebuild {
  add(sales: readonly Sale[]): Promise<void>;
  /** From here on the ranking answers. */
  finish(): Promise<void>;
}

/** Another rebuild began, or the server lost what was built. */
export class RebuildOvertakenError extends Error {
  override readonly name = 'RebuildOvertakenError';
}
