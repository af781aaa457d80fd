import { E_TIMEOUT, Mutex, withTimeout } from 'async-mutex';
import { ResourceBusyError } from '../../../../domain/ports/failures.js';
import {
  type OpenTransaction,
  TransactionPort,
} from '../../../../domain/ports/transaction-port.js';

/** Longest wait for this process's other writers, in milliseconds. */
const TURN_MS = 30_000;

/**
 * SQLite has one writer, so this process's transactions take turns here, first come, first
 * served. Left to the file lock, each would block a thread of libuv's small pool while it waits,
 * among them the one that the writer needs to finish.
 */
export class SqliteTransactions extends TransactionPort {
  private readonly turns = withTimeout(new Mutex(), TURN_MS);

  constructor(private readonly inner: TransactionPort) {
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

  private async takeTurn(): Promise<() => void> {
    try {
      return await this.turns.acquire();
    } catch (error) {
      if (error !== E_TIMEOUT) throw error;
      throw new ResourceBusyError('the database is busy writing', { cause: error });
    }
  }
}
