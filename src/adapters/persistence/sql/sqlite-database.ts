import { Transaction } from 'sequelize';
import sqlite3 from 'sqlite3';
import { SqlDatabase } from './sql-database.js';

export interface SqliteSettings {
  /** Path of the database file; its folder is made when missing. */
  readonly file: string;
  /** Longest wait for another process's write, in milliseconds. */
  readonly busyMs: number;
}

/** Opens the embedded database in write-ahead mode: readers never wait for the writer. */
export async function openSqlite({ file, busyMs }: SqliteSettings): Promise<SqlDatabase> {
  const database = new SqlDatabase({
    dialect: 'sqlite',
    storage: file,
    // Reserves the file at BEGIN, so that no transaction finds out half way that it cannot write.
    transactionType: Transaction.TYPES.IMMEDIATE,
    dialectModule: { ...sqlite3, Database: patientDatabase(busyMs) },
  });
  await database.sequelize.query('PRAGMA journal_mode = WAL');
  return database;
}

/** Sequelize opens a connection for each transaction; the timeout must be set on every one. */
function patientDatabase(
  busyMs: number,
): new (
  file: string,
  mode: number,
  opened: (error: Error | null) => void,
) => sqlite3.Database {
  return class extends sqlite3.Database {
    constructor(file: string, mode: number, opened: (error: Error | null) => void) {
      super(file, mode, opened);
      this.configure('busyTimeout', busyMs);
    }
  };
}
