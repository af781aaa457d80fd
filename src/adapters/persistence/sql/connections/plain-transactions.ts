import type { Sequelize, Transaction } from 'sequelize';
import { Statements } from './statements.js';

/** What Sequelize calls at the beginning and at the end of a transaction; its types leave it out. */
interface TransactionQueries {
  setIsolationLevel(transaction: Transaction, level?: string): Promise<void>;
  startTransaction(transaction: Transaction): Promise<unknown>;
  commitTransaction(transaction: Transaction): Promise<unknown>;
  rollbackTransaction(transaction: Transaction): Promise<unknown>;
}

/**
 * Begins and ends transactions without the query machinery of Sequelize, since every order and payment
 * does both. Where a transaction names no isolation level it has that of its session.
 */
export function sendTransactionsPlainly(sequelize: Sequelize): void {
  const queries = sequelize.getQueryInterface() as unknown as TransactionQueries;
  const send = (sql: string) => (transaction: Transaction) => Statements.of(transaction).send(sql);
  queries.setIsolationLevel = async (transaction, level) => {
    if (level) await send(`SET TRANSACTION ISOLATION LEVEL ${level}`)(transaction);
  };
  queries.startTransaction = send('START TRANSACTION');
  queries.commitTransaction = send('COMMIT');
  queries.rollbackTransaction = send('ROLLBACK');
}
