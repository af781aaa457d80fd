import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import { installationId } from '../adapters/persistence/sql/installation-id.js';
import { migrate } from '../adapters/persistence/sql/migrations/migrate.js';
import { openMysql } from '../adapters/persistence/sql/mysql-database.js';
import { isDenied } from '../adapters/persistence/sql/sql-failures.js';
import { SqlTransactions } from '../adapters/persistence/sql/sql-transactions.js';
import { DependencyUnavailableError } from '../domain/ports/failures.js';
import { Installation } from './installation.js';
import { patiently } from './patiently.js';
import type { Resources } from './resources.js';
import { type Settings, SettingsError } from './settings.js';
import { bindSql } from './sql-bindings.js';

/** MySQL or MariaDB. */
export async function mysqlModule(
  settings: Settings,
  url: string,
  resources: Resources,
  logger: Logger,
): Promise<ContainerModule> {
  const database = openMysql({
    url,
    poolMax: settings.DB_POOL_MAX,
    acquireMs: settings.DB_ACQUIRE_MS,
    connectMs: settings.DB_CONNECT_MS,
    queryMs: settings.DB_QUERY_MS,
  });
  resources.defer(() => database.close());
  await patiently(
    settings.STARTUP_WAIT_MS,
    () => migrate(database.sequelize).catch(orWrongSetting),
    (error) => error instanceof DependencyUnavailableError,
    () => logger.warn('waiting for the database'),
  );
  const id = await installationId(database.sequelize);
  return new ContainerModule(({ bind }) => {
    bindSql(bind, database, new SqlTransactions(database));
    bind(Installation).toConstantValue(new Installation(id));
  });
}

/** What waiting does not make right. */
function orWrongSetting(error: unknown): never {
  if (!isDenied(error)) throw error;
  const { cause, message } = error as Error;
  const why = cause instanceof Error ? cause.message : message;
  throw new SettingsError(`DATABASE_URL: ${why}`, { cause: error });
}
