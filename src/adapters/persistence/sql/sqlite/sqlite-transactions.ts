import { E_TIMEOUT, Mutex, withTimeout } from 'async-mutex';
import { ResourceBusyError } from '../../../../domain/ports/failures.js';
import {
  type OpenTransaction,
  TransactionPort,
} from '../../../../domain/ports/transaction-port.js';
import type { SqlTransactions } from '../sql-transactions.js';

/** Longest wait for other writers of this process, in milliseconds. */
const TURN_MS = 30_000;

/** The same for a check whether the database takes writes, which must be short. */
const BRIEF_TURN_MS = 500;

/**
 * SQLite has one writer, so the transactions of this process wait here in arrival order. If they
 * waited for the lock of the file, each would block a thread of libuv's small pool, and the writer
 * needs one of these threads to finish.
 */
export class SqliteTransactions extends TransactionPort {
  private readonly mutex = new Mutex();
  private readonly turns = withTimeout(this.mutex, TURN_MS);
  private readonly briefTurns = withTimeout(this.mutex, BRIEF_TURN_MS);

  constructor(private readonly inner: SqlTransactions) {
    super();
  }

  override async begin(rowKeys?: readonly string[]): Promise<OpenTransaction> {
    const done = await this.takeTurn();
    try {
      const transaction = await this.inner.begin(rowKeys);
      return {
        ...transaction,
        commit: () => transaction.commit().finally(done),
        rollback: () => transaction.rollback().finally(done),
      };
    } catch (error) {
      done();
      throw error;
    }
  }

  /**
   * A timeout here means that other writers of this process use all the time, so the database takes
   * writes.
   *
   * @throws DependencyUnavailableError, or any other error that a write would get
   */
  async assertWritable(): Promise<void> {
    try {
      await this.briefTurns.runExclusive(() => this.inner.assertWritable());
    } catch (error) {
      if (error !== E_TIMEOUT && !(error instanceof ResourceBusyError)) throw error;
    }
  }

  private async takeTurn(): Promise<() => void> {
    try {
      return await this.turns.acquire();
    } catch (error) {
      if (error !== E_TIMEOUT) throw error;
      throw new ResourceBusyError('another write keeps the database busy', { cause: error });
    }
  }
}
