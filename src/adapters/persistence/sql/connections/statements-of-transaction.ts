import type { Transaction } from 'sequelize';
import { IssuedStatements, type RoundTrips } from './issued-statements.js';
import { roundTripsOf } from './mysql-round-trips.js';

/** Sequelize keeps both in the transaction; its types do not have them. */
export interface PartsOfTransaction {
  readonly connection: never;
  readonly sequelize: { getDialect(): string };
}

const known = new WeakMap<Transaction, IssuedStatements>();

/** The statements of a transaction, which has its connection. */
export function statementsOfTransaction(transaction: Transaction): IssuedStatements {
  let issued = known.get(transaction);
  if (!issued) {
    const { connection, sequelize } = transaction as unknown as PartsOfTransaction;
    issued = new IssuedStatements(roundTripsOn(connection, sequelize.getDialect()).send);
    known.set(transaction, issued);
  }
  return issued;
}

/** How statements are sent on a connection of this dialect. Our driver of SQLite does it itself. */
export function roundTripsOn(connection: never, dialect: string): RoundTrips {
  return dialect === 'sqlite' ? connection : roundTripsOf(connection);
}
