import type { Transaction } from 'sequelize';
import { sqliteSend } from '../sqlite/sqlite-statements.js';
import { IssuedStatements, type Send } from './issued-statements.js';
import { roundTripsOf } from './mysql-round-trips.js';

/** Sequelize keeps both in the transaction; its types do not have them. */
export interface PartsOfTransaction {
  readonly connection: never;
  readonly sequelize: { getDialect(): string };
}

const known = new WeakMap<Transaction, IssuedStatements>();

/** The statements of a transaction, which has its connection. */
export function issuedIn(transaction: Transaction): IssuedStatements {
  let issued = known.get(transaction);
  if (!issued) {
    const { connection, sequelize } = transaction as unknown as PartsOfTransaction;
    issued = new IssuedStatements(sendOn(connection, sequelize.getDialect()));
    known.set(transaction, issued);
  }
  return issued;
}

/** How statements are sent on a connection of this dialect. */
export function sendOn(connection: never, dialect: string): Send {
  return dialect === 'sqlite' ? sqliteSend(connection) : roundTripsOf(connection).send;
}
