import type { Connection } from 'mysql2/promise';
import { openMysql } from '../../adapters/persistence/sql/connections/mysql-database.js';
import type { SqlDatabase } from '../../adapters/persistence/sql/connections/sql-database.js';
import { settingsFor } from '../../config/settings/tls/settings-for-server.js';
import { tlsOptions } from '../../config/settings/tls/tls-options.js';

/** Long, so that a busy machine does not look like a database that is down. */
const TIMEOUTS = { acquireMs: 30_000, connectMs: 15_000, queryMs: 30_000 };

/**
 * The product's own connection to MySQL or MariaDB, closed with `resources`.
 *
 * Newer MariaDB refuses to update a row that changed since the snapshot. MySQL does not. The
 * experiments must behave the same on both, so this is switched off.
 */
export function openDatabase(
  url: string,
  poolMax: number,
  resources: AsyncDisposableStack,
): SqlDatabase {
  const tls = tlsOptions('DATABASE', settingsFor({ DATABASE_URL: url }));
  const database = openMysql({ url, tls, poolMax, ...TIMEOUTS });
  resources.defer(() => database.close());
  database.sequelize.addHook('afterConnect', async (connection) => {
    const raw = (connection as { promise(): Connection }).promise();
    const [known] = await raw.query("SHOW VARIABLES LIKE 'innodb_snapshot_isolation'");
    if ((known as unknown[]).length > 0) await raw.query('SET innodb_snapshot_isolation = OFF');
  });
  return database;
}
