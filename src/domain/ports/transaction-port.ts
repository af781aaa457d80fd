import type { OrderBatchRepository } from '../orders/ports.js';
import type { PaymentBatchRepository } from '../payments/ports.js';
import type { ReservationBatchRepository } from '../reservations/ports.js';
import type { StockBatchRepository } from '../stock/ports.js';
import type { WalletBatchRepository } from '../wallets/ports.js';
import type { Transaction } from './unit-of-work.js';

/** A transaction on its own connection, which is open until it commits or rolls back. */
export interface OpenTransaction extends Transaction {
  readonly stocks: StockBatchRepository;
  readonly wallets: WalletBatchRepository;
  readonly orders: OrderBatchRepository;
  readonly payments: PaymentBatchRepository;
  readonly reservations: ReservationBatchRepository;

  /** @throws ConcurrentUpdateError the database ended this transaction in favour of another one */
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/**
 * Begins transactions. Only the unit of work uses it, so no transaction begins before its locks.
 */
export abstract class TransactionPort {
  /**
   * Locks the rows that `rowKeys` name, in this order, before anything else. A key without a row is
   * skipped.
   * @throws DependencyUnavailableError no connection was free
   * @throws ConcurrentUpdateError a row lock was not granted in time
   */
  abstract begin(rowKeys?: readonly string[]): Promise<OpenTransaction>;
}
