import type { ServerOptions } from '../server.js';
import { bringUp } from '../sources/bring-up.js';
import { DatabaseServer } from './database-server.js';
import { mysqlKind } from './mysql-kind.js';

/**
 * Starts or finds a MySQL or MariaDB: the one at `TEST_DATABASE_URL`, else in Docker, else from `mariadbd` or
 * `mysqld`.
 *
 * @throws ServerUnavailableError none can be started
 */
export async function startMysql(options: ServerOptions = {}): Promise<DatabaseServer> {
  return new DatabaseServer(await bringUp(mysqlKind(options), options));
}
