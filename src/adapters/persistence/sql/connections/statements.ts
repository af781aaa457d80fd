import type { Transaction } from 'sequelize';
import {
  IssuedStatements,
  type Result,
  type RoundTrips,
  type Statement,
  type Values,
} from './issued-statements.js';
import { timesInUtc } from './statement-parameters.js';
import {
  type PartsOfTransaction,
  roundTripsOn,
  statementsOfTransaction,
} from './statements-of-transaction.js';
import type { TranslatingSequelize } from './translating-sequelize.js';

/**
 * Runs statements on the connection of a transaction without the query code of Sequelize, which
 * costs more than the rest of an order. Each connection prepares a statement once. Statements that
 * are issued in the same turn of the event loop are sent together; when one fails, those after it
 * are not run.
 *
 * All statements fail with the errors that the ports promise.
 */
export class Statements {
  private constructor(
    private readonly issued: IssuedStatements,
    private readonly database: TranslatingSequelize,
  ) {}

  static of(transaction: Transaction): Statements {
    const { sequelize } = transaction as unknown as { readonly sequelize: TranslatingSequelize };
    return new Statements(statementsOfTransaction(transaction), sequelize);
  }

  /** Statements on the connection of a transaction that has ended. */
  static afterEnd(transaction: Transaction): Statements {
    const { connection, sequelize } = transaction as unknown as EndedTransaction;
    return new Statements(
      new IssuedStatements(roundTripsOn(connection, sequelize.getDialect()).send),
      sequelize,
    );
  }

  /** Runs statements on a free connection of the pool, outside of any transaction. */
  static async onFreeConnection<T>(
    sequelize: TranslatingSequelize,
    work: (statements: Statements) => Promise<T>,
  ): Promise<T> {
    const { connectionManager } = sequelize as unknown as { readonly connectionManager: Pool };
    // SQLite has one connection outside of transactions, with the name `default`.
    const options = { type: 'SELECT', uuid: 'default' };
    const connection = await sequelize.translated(connectionManager.getConnection(options));
    try {
      const issued = new IssuedStatements(roundTripsOn(connection, sequelize.getDialect()).send);
      return await work(new Statements(issued, sequelize));
    } finally {
      connectionManager.releaseConnection(connection);
    }
  }

  read<Row extends object>(sql: string, values: Values): Promise<readonly Row[]> {
    return this.run(sql, values, 'read') as Promise<readonly Row[]>;
  }

  /** @returns the number of rows that were inserted, changed or removed */
  async change(sql: string, values: Values): Promise<number> {
    return changesOf(await this.run(sql, values, 'change'));
  }

  /** A statement that is not prepared, since it has no parameters and no result. */
  async send(sql: string): Promise<void> {
    await this.database.translated(this.issued.run(sql, [], 'rareChange'));
  }

  /** Inserts rows by one statement. */
  async insert(table: string, columns: readonly string[], rows: readonly Values[]): Promise<void> {
    if (rows.length === 0) return;
    const row = `(${placeholders(columns.length)})`;
    const all = Array.from(rows, () => row).join(', ');
    const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${all}`;
    // One row is the usual case. Every other number of rows would be one more prepared statement.
    await this.run(sql, rows.flat(), rows.length === 1 ? 'change' : 'rareChange');
  }

  private run(sql: string, values: Values, kind: Statement['kind']): Promise<Result> {
    return this.database.translated(this.issued.run(sql, this.encoded(sql, values), kind));
  }

  /** Converts the values for the driver. Logs the statement where Sequelize logs its own. */
  private encoded(sql: string, values: Values): Values {
    const encoded = timesInUtc(values as unknown[], this.database.getDialect());
    const { logging } = (this.database as unknown as Logging).options;
    if (logging) {
      const texts = encoded.map((value) => this.database.escape(value as string)).values();
      logging(`Executing (plain): ${sql.replace(/\?/g, () => String(texts.next().value))}`);
    }
    return encoded;
  }
}

type EndedTransaction = PartsOfTransaction & { readonly sequelize: TranslatingSequelize };

/** Sequelize has this method; its types do not. */
interface Logging {
  readonly options: { readonly logging: false | ((line: string) => void) };
}

/** The parts of Sequelize's pool that are used here; its types do not have them. */
interface Pool {
  getConnection(options: object): Promise<never>;
  releaseConnection(connection: never): void;
}

function changesOf(result: Result): number {
  return 'affectedRows' in result ? (result.affectedRows ?? 0) : 0;
}

export function placeholders(count: number): string {
  return Array.from({ length: count }, () => '?').join(', ');
}

/**
 * Repeats the last item until the number of items is a power of two. So lists of any length need
 * few prepared statements. Use it where a repeated item changes nothing.
 */
export function padded<T>(items: readonly T[]): readonly T[] {
  const length = 2 ** Math.ceil(Math.log2(items.length));
  const last = items.at(-1);
  if (last === undefined || length === items.length) return items;
  return [...items, ...Array.from({ length: length - items.length }, () => last)];
}

/** Begins the transaction together with its first statement. */
export function beginWithFirstStatement(transaction: Transaction): void {
  const { options } = transaction as unknown as { readonly options: { readonly type: string } };
  roundTripsIn(transaction).beginWithNext(options.type);
}

/** Ends a transaction of which no statement was sent. Returns whether it was such a one. */
export function endUnsent(transaction: Transaction): boolean {
  const issued = statementsOfTransaction(transaction);
  if (!issued.isIdle || !roundTripsIn(transaction).forgetBegin()) return false;
  issued.end();
  return true;
}

function roundTripsIn(transaction: Transaction): RoundTrips {
  const { connection, sequelize } = transaction as unknown as PartsOfTransaction;
  return roundTripsOn(connection, sequelize.getDialect());
}
