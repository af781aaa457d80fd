import { type Options, type QueryOptions, Sequelize, Transaction } from 'sequelize';
import { isRefusedByServer, translateSqlError } from '../sql-failures.js';
import { timesInUtc } from './statement-parameters.js';
import { statementsOfTransaction } from './statements-of-transaction.js';

/** The connections of a database that has several in one process. */
export interface Pool {
  /** A server refused a statement that it should have accepted. */
  dropAll(): void;
  close(): void;
}

/**
 * A Sequelize that writes every time in UTC, and that fails only with the errors that the ports
 * promise.
 */
export class TranslatingSequelize extends Sequelize {
  constructor(
    options: Options,
    private readonly pool?: Pool,
  ) {
    super(options);
  }

  // The many overloads differ in their results alone, which pass through untouched.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  override query(sql: any, options?: QueryOptions, ...rest: any[]): Promise<any> {
    const inUtc = options && withTimesInUtc(options, this.getDialect());
    const send = () => (super.query as Untyped).apply(this, [sql, inUtc, ...rest]);
    const transaction = options?.transaction;
    // Sequelize asks a new connection for its version with an object that is no transaction.
    if (!(transaction instanceof Transaction)) return this.translated(send());
    return this.translated(statementsOfTransaction(transaction).runAlone(sql.query ?? sql, send));
  }

  // Begins outside of any query, and takes its connection there.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  override transaction(...args: any[]): Promise<any> {
    return this.translated((super.transaction as Untyped).apply(this, args));
  }

  /** @throws the errors that the ports promise, instead of the errors of the driver */
  async translated<T>(promise: Promise<T>): Promise<T> {
    try {
      return await promise;
    } catch (error) {
      if (isRefusedByServer(error)) this.pool?.dropAll();
      throw translateSqlError(error);
    }
  }
}

function withTimesInUtc(options: QueryOptions, dialect: string): QueryOptions {
  const { replacements, bind } = options;
  return {
    ...options,
    ...(replacements && { replacements: timesInUtc(replacements, dialect) }),
    ...(bind && { bind: timesInUtc(bind, dialect) }),
  };
}

type Untyped = (...args: unknown[]) => Promise<unknown>;
