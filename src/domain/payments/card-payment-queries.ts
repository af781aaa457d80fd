import type { CardPaymentState, CardPaymentStatus } from './card-payment.js';

/** Reads payments by card without lock or transaction. */
export abstract class CardPaymentQueries {
  /** @throws Error there is none with this id */
  abstract get(id: string): Promise<CardPaymentState>;

  /** The first `limit` that are to be gone on with at `now`, the longest overdue first. */
  abstract due(now: Date, limit: number): Promise<readonly CardPaymentState[]>;

  /** When the next is due; absent when all are settled. */
  abstract nextDue(): Promise<Date | undefined>;

  /** How many there are that are not settled, by status; a status without any is left out. */
  abstract open(): Promise<ReadonlyMap<CardPaymentStatus, number>>;
}
