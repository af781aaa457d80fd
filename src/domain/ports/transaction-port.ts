import type { Transaction } from './unit-of-work.js';

/** A transaction that is open on a connection of its own until it commits or rolls back. */
export interface OpenTransaction extends Transaction {
  /** @throws ConcurrentUpdateError the database chose another transaction over this one */
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** Begins transactions. Only the unit of work uses it, so none begins before its locks. */
export abstract class TransactionPort {
  /**
   * Locks the rows that `rowKeys` name, in this order, before anything else; a key that names no
   * row is passed over.
   * @throws DependencyUnavailableError no connection could be had
   * @throws ConcurrentUpdateError a row was not obtained in time
   */
  abstract begin(rowKeys?: readonly string[]): Promise<OpenTransaction>;
}
