import { Transaction } from 'sequelize';
import { SqlDatabase } from '../sql-database.js';
import { SqliteDriver } from './sqlite-driver.js';

export interface SqliteSettings {
  /** Path of the database file; its folder is made when missing. */
  readonly file: string;
  /** Longest wait for another process's write, in milliseconds. */
  readonly busyMs: number;
}

/** Opens the embedded database in write-ahead mode: readers never wait for the writer. */
export async function openSqlite({ file, busyMs }: SqliteSettings): Promise<SqlDatabase> {
  const driver = new SqliteDriver(file, busyMs);
  const database = new SqliteDatabase(
    {
      dialect: 'sqlite',
      storage: file,
      // Reserves the file at BEGIN, so that no transaction finds out half way that it cannot write.
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
