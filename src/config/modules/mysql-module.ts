import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import { openMysql } from '../../adapters/persistence/sql/connections/mysql-database.js';
import { installationId, installationSecret } from '../../adapters/persistence/sql/installation.js';
import { migrate } from '../../adapters/persistence/sql/migrations/migrate.js';
import { isDenied } from '../../adapters/persistence/sql/sql-failures.js';
import { SqlTransactions } from '../../adapters/persistence/sql/sql-transactions.js';
import { Clock } from '../../domain/ports/clock.js';
import { DependencyUnavailableError } from '../../domain/ports/failures.js';
import type { Resources } from '../resources.js';
import { type Settings, SettingsError } from '../settings/settings.js';
import { explainMysqlRefusal } from '../settings/tls/mysql-refusal.js';
import { tlsOptions } from '../settings/tls/tls-options.js';
import { retryUntilReady } from './retry-until-ready.js';
import { bindSql, Installation, startClock } from './sql-bindings.js';

/** MySQL or MariaDB. */
export async function mysqlModule(
  settings: Settings,
  url: string,
  resources: Resources,
  logger: Logger,
): Promise<ContainerModule> {
  const database = openMysql({
    url,
    tls: tlsOptions('DATABASE', settings),
    poolMax: settings.DB_POOL_MAX,
    acquireMs: settings.DB_ACQUIRE_MS,
    connectMs: settings.DB_CONNECT_MS,
    queryMs: settings.DB_QUERY_MS,
  });
  resources.defer(() => database.close());
  await retryUntilReady(
    settings.STARTUP_WAIT_MS,
    () => migrate(database.sequelize).catch(explainMysqlRefusal(settings)).catch(orWrongSetting),
    (error) => error instanceof DependencyUnavailableError,
    () => logger.warn('waiting for the database'),
  );
  const id = await installationId(database.sequelize);
  const secret = await installationSecret(database.sequelize);
  const clock = await startClock(database, resources);
  return new ContainerModule(({ bind }) => {
    bindSql(bind, database, new SqlTransactions(database));
    bind(Clock).toConstantValue(clock);
    bind(Installation).toConstantValue(new Installation(id, secret));
  });
}

/** Denied access is a wrong setting: it does not pass by waiting. */
function orWrongSetting(error: unknown): never {
  if (!isDenied(error)) throw error;
  const { cause, message } = error as Error;
  const why = cause instanceof Error ? cause.message : message;
  throw new SettingsError(`DATABASE_URL: ${why}`, { cause: error });
}
