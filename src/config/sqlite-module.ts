import path from 'node:path';
import { ContainerModule } from 'inversify';
import { installationId } from '../adapters/persistence/sql/installation-id.js';
import { installationSecret } from '../adapters/persistence/sql/installation-secret.js';
import { migrate } from '../adapters/persistence/sql/migrations/migrate.js';
import { SqlTransactions } from '../adapters/persistence/sql/sql-transactions.js';
import { openSqlite } from '../adapters/persistence/sql/sqlite-database.js';
import { SqliteTransactions } from '../adapters/persistence/sql/sqlite-transactions.js';
import { TransactionPort } from '../domain/ports/transaction-port.js';
import { Installation } from './installation.js';
import { makePrivateFile, makePrivateFolder, narrow } from './private-files.js';
import type { Resources } from './resources.js';
import type { Settings } from './settings.js';
import { bindSql } from './sql-bindings.js';

/** The embedded database, a file in the data folder. */
export async function sqliteModule(
  settings: Settings,
  resources: Resources,
): Promise<ContainerModule> {
  const file = path.resolve(settings.DATA_DIR, 'lockstep.sqlite');
  keepPrivate(file);
  const database = await openSqlite({ file, busyMs: settings.DB_ACQUIRE_MS });
  resources.defer(() => database.close());
  await migrate(database.sequelize);
  const id = await installationId(database.sequelize);
  const secret = await installationSecret(database.sequelize);
  return new ContainerModule(({ bind }) => {
    bindSql(bind, database);
    bind(Installation).toConstantValue(new Installation(id, secret));
    bind(TransactionPort).toConstantValue(new SqliteTransactions(new SqlTransactions(database)));
  });
}

/** SQLite gives the files beside the database the rights of the database itself. */
function keepPrivate(file: string): void {
  makePrivateFolder(path.dirname(file));
  makePrivateFile(file);
  for (const suffix of ['-wal', '-shm', '-journal']) narrow(`${file}${suffix}`);
}
