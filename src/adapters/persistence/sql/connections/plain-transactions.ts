import type { Sequelize, Transaction } from 'sequelize';
import {
  ConcurrentUpdateError,
  DependencyUnavailableError,
} from '../../../../domain/ports/failures.js';
import { beginWithFirstStatement, endUnsent, Statements } from './statements.js';
import { waitForEarlierWrites } from './wait-for-earlier-writes.js';

/**
 * The methods that Sequelize calls at the begin and at the end of a transaction; its types do not
 * have them.
 */
interface TransactionQueries {
  setIsolationLevel(transaction: Transaction, level?: string): Promise<void>;
  startTransaction(transaction: Transaction): Promise<unknown>;
  commitTransaction(transaction: Transaction): Promise<unknown>;
  rollbackTransaction(transaction: Transaction): Promise<unknown>;
}

/**
 * Begins and ends transactions without the query code of Sequelize, which costs time in every order
 * and payment. A transaction begins together with its first statement. Without an isolation level
 * it has the level of its session.
 */
export function sendTransactionsPlainly(
  sequelize: Sequelize,
  commit: (transaction: Transaction) => Promise<void> = commitPlainly,
): void {
  const queries = sequelize.getQueryInterface() as unknown as TransactionQueries;
  const send = (sql: string, transaction: Transaction) => Statements.of(transaction).send(sql);
  queries.setIsolationLevel = async (transaction, level) => {
    if (level) await send(`SET TRANSACTION ISOLATION LEVEL ${level}`, transaction);
  };
  queries.startTransaction = async (transaction) => beginWithFirstStatement(transaction);
  queries.commitTransaction = async (transaction) => {
    if (!endUnsent(transaction)) await commit(transaction);
  };
  queries.rollbackTransaction = async (transaction) => {
    if (!endUnsent(transaction)) await send('ROLLBACK', transaction);
  };
}

function commitPlainly(transaction: Transaction): Promise<void> {
  return Statements.of(transaction).send('COMMIT');
}

/**
 * A member of a Galera cluster says "deadlock" when another member's transaction won, and also when it
 * lost its cluster while it sent the commit. In the second case the others may have the commit, so the
 * transaction must not run again. Only a member in the majority answers the wait, and then it has
 * received all that it sent: the refusal is final.
 *
 * @throws ConcurrentUpdateError nothing was committed
 * @throws DependencyUnavailableError it is not known whether the transaction was committed
 */
export async function commitOnGalera(transaction: Transaction): Promise<void> {
  try {
    await commitPlainly(transaction);
  } catch (error) {
    if (!(error instanceof ConcurrentUpdateError)) throw error;
    const ended = Statements.afterEnd(transaction);
    await waitForEarlierWrites((sql) => ended.send(sql)).catch(() => {
      throw new DependencyUnavailableError('database', error);
    });
    throw error;
  }
}
