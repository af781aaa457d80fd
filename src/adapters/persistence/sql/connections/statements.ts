import type { Transaction } from 'sequelize';
import { type Issued, IssuedStatements, type Values } from './issued-statements.js';
import { type MysqlConnection, type MysqlResult, roundTripsOf } from './mysql-round-trips.js';
import { timesInUtc } from './statement-parameters.js';
import type { TranslatingSequelize } from './translating-sequelize.js';

/** What a driver's connection does with one statement. */
interface Driver {
  read(sql: string, values: Values): Promise<readonly object[]>;
  /** @returns the number of rows that were inserted, changed or removed */
  change(sql: string, values: Values): Promise<number>;
  /** The same as `change`, for a statement that is rarely sent twice. */
  changeOnce(sql: string, values: Values): Promise<number>;
}

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
    private readonly driver: Driver,
    private readonly database: TranslatingSequelize,
  ) {}

  static of(transaction: Transaction): Statements {
    const { connection, sequelize } = partsOf(transaction);
    return new Statements(driverOf(connection, sequelize), sequelize);
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
      return await work(new Statements(driverOf(connection, sequelize), sequelize));
    } finally {
      connectionManager.releaseConnection(connection);
    }
  }

  read<Row extends object>(sql: string, values: Values): Promise<readonly Row[]> {
    const rows = this.driver.read(sql, this.encoded(sql, values)) as Promise<readonly Row[]>;
    return this.database.translated(rows);
  }

  /** @returns the number of rows that were inserted, changed or removed */
  change(sql: string, values: Values): Promise<number> {
    return this.database.translated(this.driver.change(sql, this.encoded(sql, values)));
  }

  /** A statement that is not prepared, since it has no parameters and no result. */
  async send(sql: string): Promise<void> {
    await this.database.translated(this.driver.changeOnce(sql, []));
  }

  /** Inserts rows by one statement. */
  async insert(table: string, columns: readonly string[], rows: readonly Values[]): Promise<void> {
    if (rows.length === 0) return;
    const row = `(${placeholders(columns.length)})`;
    const all = Array.from(rows, () => row).join(', ');
    const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${all}`;
    const values = this.encoded(sql, rows.flat());
    // One row is the usual case. Every other number of rows would be one more prepared statement.
    const run = rows.length === 1 ? this.driver.change : this.driver.changeOnce;
    await this.database.translated(run(sql, values));
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

/** Sequelize has this method; its types do not. */
interface Logging {
  readonly options: { readonly logging: false | ((line: string) => void) };
}

/** The parts of Sequelize's pool that are used here; its types do not have them. */
interface Pool {
  getConnection(options: object): Promise<never>;
  releaseConnection(connection: never): void;
}

function driverOf(connection: never, sequelize: TranslatingSequelize): Driver {
  return sequelize.getDialect() === 'sqlite' ? sqliteDriver(connection) : mysqlDriver(connection);
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

/** Sequelize keeps both in the transaction; its types do not have them. */
function partsOf(transaction: Transaction) {
  return transaction as unknown as {
    readonly connection: never;
    readonly sequelize: TranslatingSequelize;
  };
}

/** On MySQL: begins the transaction together with its first statement. */
export function beginWithFirstStatement(transaction: Transaction): void {
  roundTripsOf(partsOf(transaction).connection).runWithNext('START TRANSACTION');
}

/** On MySQL: ends a transaction of which no statement was sent. Returns whether it was such a one. */
export function endUnsent(transaction: Transaction): boolean {
  return roundTripsOf(partsOf(transaction).connection).forgetWaiting();
}

function mysqlDriver(connection: MysqlConnection): Driver {
  const issued = roundTripsOf(connection);
  const changed = async (result: Promise<MysqlResult>) => (await result).affectedRows ?? 0;
  return {
    read: (sql, values) => issued.run(sql, values, true),
    change: (sql, values) => changed(issued.run(sql, values, true)),
    changeOnce: (sql, values) => changed(issued.run(sql, values, false)),
  };
}

interface SqliteConnection {
  all(
    sql: string,
    values: Values,
    done: (error: Error | null, rows?: readonly object[]) => void,
  ): void;
  run(
    sql: string,
    values: Values,
    done: (this: { readonly changes: number }, error: Error | null) => void,
  ): void;
}

const sqliteChanges = new WeakMap<SqliteConnection, IssuedStatements<number>>();

function changesOf(connection: SqliteConnection): IssuedStatements<number> {
  let changes = sqliteChanges.get(connection);
  if (!changes) {
    changes = new IssuedStatements((statements) => changeInTurn(connection, statements));
    sqliteChanges.set(connection, changes);
  }
  return changes;
}

function changeInTurn(connection: SqliteConnection, [next, ...rest]: readonly Issued<number>[]) {
  if (!next) return;
  connection.run(next.sql, next.values, function (error) {
    if (error) for (const { reject } of [next, ...rest]) reject(error);
    else next.resolve(this.changes);
    if (!error) changeInTurn(connection, rest);
  });
}

function sqliteDriver(connection: SqliteConnection): Driver {
  const changes = changesOf(connection);
  const change = (sql: string, values: Values) => changes.run(sql, values, true);
  return {
    read: (sql, values) =>
      new Promise((resolve, reject) => {
        connection.all(sql, values, (error, rows) => (error ? reject(error) : resolve(rows ?? [])));
      }),
    change,
    changeOnce: change,
  };
}
