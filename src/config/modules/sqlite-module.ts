import path from 'node:path';
import { ContainerModule } from 'inversify';
import { installationId, installationSecret } from '../../adapters/persistence/sql/installation.js';
import { migrate } from '../../adapters/persistence/sql/migrations/migrate.js';
import { SqlTransactions } from '../../adapters/persistence/sql/sql-transactions.js';
import { openSqlite } from '../../adapters/persistence/sql/sqlite/sqlite-database.js';
import { SqliteTransactions } from '../../adapters/persistence/sql/sqlite/sqlite-transactions.js';
import { Clock } from '../../domain/ports/clock.js';
import { DependencyUnavailableError } from '../../domain/ports/failures.js';
import type { Resources } from '../resources.js';
import { dataFolder } from '../settings/data-folder.js';
import { makePrivateFile, narrow } from '../settings/private-files.js';
import { type Settings, SettingsError } from '../settings/settings.js';
import { bindSql, Installation, startClock } from './sql-bindings.js';

/** The embedded database, a file in the data folder. */
export async function sqliteModule(
  settings: Settings,
  resources: Resources,
): Promise<ContainerModule> {
  const file = path.join(dataFolder(settings), 'lockstep.sqlite');
  keepPrivate(file);
  const database = await usable(file, openSqlite({ file, busyMs: settings.DB_ACQUIRE_MS }));
  resources.defer(() => database.close());
  await usable(file, migrate(database.sequelize));
  const id = await installationId(database.sequelize);
  const secret = await installationSecret(database.sequelize);
  const clock = await startClock(database, resources);
  return new ContainerModule(({ bind }) => {
    bindSql(bind, database, new SqliteTransactions(new SqlTransactions(database)));
    bind(Clock).toConstantValue(clock);
    bind(Installation).toConstantValue(new Installation(id, secret));
  });
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
