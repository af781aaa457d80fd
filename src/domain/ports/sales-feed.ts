import type { Sale } from '../sale.js';

/**
 * Sales that rankings have yet to be told of. A sale is in here from the commit of its payment, or
 * of the payment's return, until it is told: at least once, and in no certain order.
 */
export abstract class SalesFeed {
  /** At most `limit` of them, as they are now. */
  abstract untold(limit: number): Promise<Sale[]>;

  /** Takes these out, save those that have changed since they were read. */
  abstract told(sales: readonly Sale[]): Promise<void>;
}
