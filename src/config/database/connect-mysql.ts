import type { Logger } from 'pino';
import { openMysql } from '../../adapters/persistence/sql/connections/mysql-database.js';
import { isDenied } from '../../adapters/persistence/sql/sql-failures.js';
import { SqlTransactions } from '../../adapters/persistence/sql/sql-transactions.js';
import { DependencyUnavailableError } from '../../domain/ports/failures.js';
import { retryUntilReady } from '../modules/retry-until-ready.js';
import { type Settings, SettingsError } from '../settings/settings.js';
import { explainMysqlRefusal } from '../settings/tls/explain-mysql-refusal.js';
import { tlsOptions } from '../settings/tls/tls-options.js';
import type { ConnectedDatabase } from './connected-database.js';

/** MySQL or MariaDB. */
export function connectMysql(settings: Settings, url: string, logger: Logger): ConnectedDatabase {
  const database = openMysql({
    url,
    tls: tlsOptions('DATABASE', settings),
    poolMax: settings.DB_POOL_MAX,
    acquireMs: settings.DB_ACQUIRE_MS,
    connectMs: settings.DB_CONNECT_MS,
    queryMs: settings.DB_QUERY_MS,
  });
  return {
    database,
    transactions: new SqlTransactions(database),
    whenReady: (work) =>
      retryUntilReady(
        settings.STARTUP_WAIT_MS,
        () => work(database.sequelize).catch(explainMysqlRefusal(settings)).catch(orWrongSetting),
        (error) => error instanceof DependencyUnavailableError,
        () => logger.warn('waiting for the database'),
      ),
  };
}

/** Denied access is a wrong setting: it does not pass by waiting. */
function orWrongSetting(error: unknown): never {
  if (!isDenied(error)) throw error;
  const { cause, message } = error as Error;
  const why = cause instanceof Error ? cause.message : message;
  throw new SettingsError(`DATABASE_URL: ${why}`, { cause: error });
}
