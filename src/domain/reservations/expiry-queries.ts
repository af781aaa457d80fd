/** What has a time to end by: orders that wait for payment, reservations that hold units. */
export type Expiring = 'order' | 'reservation';

export interface Due {
  readonly id: string;
  readonly expiresAt: Date;
}

/** Finds what is due, by index, without lock or transaction. */
export abstract class ExpiryQueries {
  /** The first `limit` that are due at `now`, the longest overdue first; `after` continues. */
  abstract due(what: Expiring, now: Date, limit: number, after?: Due): Promise<readonly Due[]>;

  /** When the next of either kind is due; absent when none waits. */
  abstract next(): Promise<Date | undefined>;
}
