import path from 'node:path';
import { SqlTransactions } from '../../adapters/persistence/sql/sql-transactions.js';
import { openSqlite } from '../../adapters/persistence/sql/sqlite/sqlite-database.js';
import { SqliteTransactions } from '../../adapters/persistence/sql/sqlite/sqlite-transactions.js';
import { DependencyUnavailableError } from '../../domain/ports/failures.js';
import { dataFolder } from '../settings/files/data-folder.js';
import { makePrivateFile, narrow } from '../settings/files/private-files.js';
import { type Settings, SettingsError } from '../settings/settings.js';
import type { ConnectedDatabase } from './connected-database.js';

/**
 * The embedded database, a file in the data folder.
 *
 * @throws SettingsError the file cannot be read or written, or is no database
 */
export async function connectSqlite(settings: Settings): Promise<ConnectedDatabase> {
  const file = path.join(dataFolder(settings), 'lockstep.sqlite');
  keepPrivate(file);
  const database = await usable(file, openSqlite({ file, busyMs: settings.DB_ACQUIRE_MS }));
  return {
    database,
    transactions: new SqliteTransactions(new SqlTransactions(database)),
    whenReady: (work) => usable(file, work(database.sequelize)),
  };
}

/** @throws SettingsError the file cannot be read or written, or is no database */
async function usable<T>(file: string, used: Promise<T>): Promise<T> {
  try {
    return await used;
  } catch (error) {
    if (!(error instanceof DependencyUnavailableError)) throw error;
    const why = error.cause instanceof Error ? error.cause.message : error.message;
    throw new SettingsError(`DATA_DIR: ${file}: ${why}`, { cause: error });
  }
}

/**
 * SQLite gives the files beside the database the same rights as the database.
 *
 * @throws SettingsError the file cannot be created
 */
function keepPrivate(file: string): void {
  try {
    makePrivateFile(file);
    for (const suffix of ['-wal', '-shm', '-journal']) narrow(`${file}${suffix}`);
  } catch (error) {
    throw new SettingsError(`DATA_DIR: ${file}: ${(error as Error).message}`, { cause: error });
  }
}
