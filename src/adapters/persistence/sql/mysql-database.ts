import type { Connection } from 'mysql2/promise';
import { SqlDatabase } from './sql-database.js';

export interface MysqlSettings {
  /** `mysql://user:password@host:port/database`; MariaDB speaks the same protocol. */
  readonly url: string;
  /** Most connections this process opens. */
  readonly poolMax: number;
  /** Longest wait for a free connection, in milliseconds. */
  readonly acquireMs: number;
  /** Longest time to reach the server, in milliseconds. */
  readonly connectMs: number;
}

/**
 * What every connection is set to. READ COMMITTED takes no gap locks, so two customers never
 * block each other by accident; the version columns are what guards a row. A transaction stuck
 * behind another's row lock gives up after seconds, not after the server's default of 50.
 */
const SESSION = [
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', innodb_lock_wait_timeout = 5",
];

export function openMysql(settings: MysqlSettings): SqlDatabase {
  const url = new URL(settings.url);
  return new SqlDatabase({
    dialect: 'mysql',
    host: url.hostname,
    port: Number(url.port || 3306),
    username: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    timezone: '+00:00',
    pool: { max: settings.poolMax, min: 0, acquire: settings.acquireMs },
    dialectOptions: {
      connectTimeout: settings.connectMs,
      charset: 'utf8mb4',
      supportBigNumbers: true,
      bigNumberStrings: false,
      ...Object.fromEntries(url.searchParams),
    },
    hooks: {
      async afterConnect(connection) {
        const raw = connection as { promise(): Connection };
        for (const statement of SESSION) await raw.promise().query(statement);
      },
    },
  });
}
