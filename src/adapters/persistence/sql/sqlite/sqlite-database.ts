import { Transaction } from 'sequelize';
import { SqlDatabase } from '../connections/sql-database.js';
import { SqliteDriver } from './sqlite-driver.js';
import type { SqliteSettings } from './sqlite-messages.js';

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
    },
    driver,
  );
  await database.sequelize.query('PRAGMA journal_mode = WAL');
  return database;
}

class SqliteDatabase extends SqlDatabase {
  constructor(
    options: ConstructorParameters<typeof SqlDatabase>[0],
    private readonly driver: SqliteDriver,
  ) {
    super(options);
  }

  override async close(): Promise<void> {
    await super.close();
    await this.driver.close();
  }
}
