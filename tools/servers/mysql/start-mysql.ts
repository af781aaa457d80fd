import type { ServerOptions } from '../server.js';
import { bringUp } from '../ways/bring-up.js';
import { DatabaseServer } from './database-server.js';
import { mysqlKind } from './mysql-kind.js';

/**
 * A MySQL or MariaDB: the one at `TEST_DATABASE_URL`, else in Docker, else from `mariadbd` or
 * `mysqld`.
 *
 * @throws ServerUnavailableError there is no way to have one
 */
export async function startMysql(options: ServerOptions = {}): Promise<DatabaseServer> {
  return new DatabaseServer(await bringUp(mysqlKind(options), options));
}
