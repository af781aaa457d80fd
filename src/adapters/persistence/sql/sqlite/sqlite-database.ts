import { type Sequelize, Transaction } from 'sequelize';
import { sendTransactionsPlainly } from '../connections/plain-transactions.js';
import { SqlDatabase } from '../connections/sql-database.js';
import { SqliteDriver } from './sqlite-driver.js';
import type { SqliteSettings } from './sqlite-messages.js';

/** The driver turns foreign keys on, so Sequelize does not do it for each transaction. Its types have no such option. */
const FOREIGN_KEYS = { foreignKeys: false };

/** Opens the embedded database in write-ahead mode: readers never wait for the writer. */
export async function openSqlite(settings: SqliteSettings): Promise<SqlDatabase> {
  const driver = new SqliteDriver(settings);
  const database = new SqliteDatabase(
    {
      dialect: 'sqlite',
      storage: settings.file,
      // Reserves the file at BEGIN, so that no transaction finds out later that it cannot write.
      transactionType: Transaction.TYPES.IMMEDIATE,
      dialectModule: driver,
      // The driver makes the folder, so Sequelize does not make it for each transaction.
      dialectOptions: { mode: driver.OPEN_READWRITE },
      ...FOREIGN_KEYS,
    },
    driver,
  );
  await database.sequelize.query('PRAGMA journal_mode = WAL');
  return database;
}

interface Connections {
  releaseConnection(connection: unknown): void;
  destroyConnection(connection: unknown): Promise<void>;
}

/**
 * After a failed commit Sequelize destroys the connection, but it looks for it in a pool, and SQLite has
 * none. Then the transaction would stay open and the file locked. A released connection rolls back.
 */
function rollBackFailedCommits({ connectionManager }: Sequelize): void {
  const connections = connectionManager as unknown as Connections;
  connections.destroyConnection = async (connection) => connections.releaseConnection(connection);
}

class SqliteDatabase extends SqlDatabase {
  constructor(
    options: ConstructorParameters<typeof SqlDatabase>[0],
    private readonly driver: SqliteDriver,
  ) {
    super(options);
    rollBackFailedCommits(this.sequelize);
    sendTransactionsPlainly(this.sequelize);
  }

  override async close(): Promise<void> {
    await super.close();
    await this.driver.close();
  }
}
