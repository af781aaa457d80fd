import type { Connection } from 'mysql2/promise';
import { openMysql } from '../../adapters/persistence/sql/connections/mysql-database.js';
import type { SqlDatabase } from '../../adapters/persistence/sql/connections/sql-database.js';
import { settingsBeside } from '../../config/settings/tls/settings-beside.js';
import { tlsOptions } from '../../config/settings/tls/tls-options.js';

/** A machine that is busy must not look like a database that is down; one that is down refuses. */
const PATIENCE = { acquireMs: 30_000, connectMs: 15_000, queryMs: 30_000 };

/**
 * The product's own connection to MySQL or MariaDB, closed with `resources`.
 *
 * Newer MariaDB refuses, by itself, to update a row that changed since the snapshot. MySQL never
 * does, and the experiments are about what every database must expect, so that is switched off.
 */
export function openDatabase(
  url: string,
  poolMax: number,
  resources: AsyncDisposableStack,
): SqlDatabase {
  const tls = tlsOptions('DATABASE', settingsBeside({ DATABASE_URL: url }));
  const database = openMysql({ url, tls, poolMax, ...PATIENCE });
  resources.defer(() => database.close());
  database.sequelize.addHook('afterConnect', async (connection) => {
    const raw = (connection as { promise(): Connection }).promise();
    const [known] = await raw.query("SHOW VARIABLES LIKE 'innodb_snapshot_isolation'");
    if ((known as unknown[]).length > 0) await raw.query('SET innodb_snapshot_isolation = OFF');
  });
  return database;
}
