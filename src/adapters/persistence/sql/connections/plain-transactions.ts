import type { Sequelize, Transaction } from 'sequelize';
import { beginWithFirstStatement, endUnsent, Statements } from './statements.js';

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
export function sendTransactionsPlainly(sequelize: Sequelize): void {
  const queries = sequelize.getQueryInterface() as unknown as TransactionQueries;
  const send = (sql: string, transaction: Transaction) => Statements.of(transaction).send(sql);
  const end = (sql: string) => async (transaction: Transaction) => {
    if (!endUnsent(transaction)) await send(sql, transaction);
  };
  queries.setIsolationLevel = async (transaction, level) => {
    if (level) await send(`SET TRANSACTION ISOLATION LEVEL ${level}`, transaction);
  };
  queries.startTransaction = async (transaction) => beginWithFirstStatement(transaction);
  queries.commitTransaction = end('COMMIT');
  queries.rollbackTransaction = end('ROLLBACK');
}
