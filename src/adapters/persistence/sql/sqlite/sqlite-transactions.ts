import { E_TIMEOUT, Mutex, withTimeout } from 'async-mutex';
import { ResourceBusyError } from '../../../../domain/ports/failures.js';
import {
  type OpenTransaction,
  TransactionPort,
} from '../../../../domain/ports/transaction-port.js';
import type { ConnectionCounts } from '../connections/connections-observer.js';
import type { SqlTransactions } from '../sql-transactions.js';

/** Longest wait for this process's other writers, in milliseconds. */
const TURN_MS = 30_000;

/** The same for one who only asks whether a write would be taken, and will not be kept waiting. */
const BRIEF_TURN_MS = 500;

/**
 * SQLite has one writer, so this process's transactions take turns here, first come, first
 * served. Left to the file lock, each would block a thread of libuv's small pool while it waits,
 * among them the one that the writer needs to finish.
 */
export class SqliteTransactions extends TransactionPort {
  private readonly mutex = new Mutex();
  private readonly turns = withTimeout(this.mutex, TURN_MS);
  private readonly briefTurns = withTimeout(this.mutex, BRIEF_TURN_MS);
  private waiting = 0;

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
   * Where all the time is taken by this process's writers there is nothing to find out: they do.
   *
   * @throws DependencyUnavailableError, or what else would be thrown at a write
   */
  async assertWritable(): Promise<void> {
    try {
      await this.briefTurns.runExclusive(() => this.inner.assertWritable());
    } catch (error) {
      if (error !== E_TIMEOUT && !(error instanceof ResourceBusyError)) throw error;
    }
  }

  /** The one connection that writes. */
  connections(): ConnectionCounts {
    const used = this.mutex.isLocked() ? 1 : 0;
    return { used, idle: 1 - used, max: 1, waiting: this.waiting };
  }

  private async takeTurn(): Promise<() => void> {
    this.waiting += 1;
    try {
      return await this.turns.acquire();
    } catch (error) {
      if (error !== E_TIMEOUT) throw error;
      throw new ResourceBusyError('the database is busy writing', { cause: error });
    } finally {
      this.waiting -= 1;
    }
  }
}
