import type { Logger } from 'pino';
import type { Resources } from '../resources.js';
import type { Settings } from '../settings/settings.js';
import { connectMysql } from './connect-mysql.js';
import { connectSqlite } from './connect-sqlite.js';
import type { ConnectedDatabase } from './connected-database.js';

/** The server that DATABASE_URL names, or the SQLite file in DATA_DIR; `resources` close it. */
export async function connectDatabase(
  settings: Settings,
  resources: Resources,
  logger: Logger,
): Promise<ConnectedDatabase> {
  const { DATABASE_URL: url } = settings;
  const connected = url ? connectMysql(settings, url, logger) : await connectSqlite(settings);
  resources.defer(() => connected.database.close());
  return connected;
}
