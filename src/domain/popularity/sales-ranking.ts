import type { SalesSpan, Sold } from './popularity.js';
import type { Sale } from './sale.js';

/**
 * The units sold of each product, stored so that a ranking can be read without its orders. This is
 * a projection: when it is lost, it is built again from the orders.
 *
 * Every method throws DependencyUnavailableError when its server does not answer.
 */
export abstract class SalesRanking {
  /** A sale that is recorded again, or that is older than the recorded version, changes nothing. */
  abstract record(sales: readonly Sale[]): Promise<void>;

  /** The same result as SalesQueries; undefined while some sales are missing here. */
  abstract top(span: SalesSpan, limit: number): Promise<Sold[] | undefined>;

  /**
   * How many different customers paid in a span of a short window; a customer whose payment was
   * refunded later may be among them. Undefined while some sales are missing here.
   */
  abstract buyers(span: SalesSpan): Promise<number | undefined>;

  /**
   * Empties the ranking, so that it can be built again. `missing` does this only when sales are
   * missing and no rebuild is under way; `always` also replaces a rebuild that is under way.
   * Undefined: there is nothing to do.
   */
  abstract rebuild(when: RebuildWhen): Promise<RankingRebuild | undefined>;
}

export type RebuildWhen = 'missing' | 'always';

/**
 * A ranking that is being built. Each method throws RebuildOvertakenError when another rebuild
 * began.
 */
export interface RankingRebuild {
  add(sales: readonly Sale[]): Promise<void>;
  /** The ranking is complete from now on, so it can be read. */
  finish(): Promise<void>;
}

/** Another rebuild began, or the server lost what was built. */
export class RebuildOvertakenError extends Error {
  override readonly name = 'RebuildOvertakenError';
}
