import type { ConnectionOptions } from 'node:tls';
import type { Options, Sequelize } from 'sequelize';
import { DependencyUnavailableError } from '../../../../domain/ports/failures.js';
import { type MysqlConnection, roundTripsOf } from './mysql-round-trips.js';
import { encrypted } from './mysql-tls.js';
import { commitOnGalera, sendTransactionsPlainly } from './plain-transactions.js';
import { PooledConnections, type RawConnection } from './pooled-connections.js';
import { SqlDatabase } from './sql-database.js';
import { waitForEarlierWrites } from './wait-for-earlier-writes.js';

export interface MysqlSettings {
  /** `mysql://user:password@host:port/database`; MariaDB speaks the same protocol. */
  readonly url: string;
  /** How connections are encrypted; without it they are plain text. */
  readonly tls?: ConnectionOptions | undefined;
  /** Most connections this process opens. */
  readonly poolMax: number;
  /** Longest wait for a free connection, in milliseconds. */
  readonly acquireMs: number;
  /** Longest time to reach the server, in milliseconds. */
  readonly connectMs: number;
  /** Longest time for one statement, in milliseconds; after that the server counts as down. */
  readonly queryMs: number;
}

/**
 * Settings of every connection. READ COMMITTED takes no gap locks, so two customers do not block
 * each other by accident; the version columns guard the rows. A transaction that waits for a row
 * lock fails after seconds, not after the server's default of 50.
 */
const SESSION = [
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', innodb_lock_wait_timeout = 5",
];

export function openMysql(settings: MysqlSettings): SqlDatabase {
  const url = new URL(settings.url);
  // Brackets belong to the notation of an IPv6 address in a URL, not to the address.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = Number(url.port || 3306);
  const connections = new PooledConnections();
  const options: Options = {
    dialect: 'mysql',
    host,
    port,
    username: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    timezone: '+00:00',
    // Idle connections are closed before the time limit for a silent connection ends.
    pool: {
      max: settings.poolMax,
      min: 0,
      acquire: settings.acquireMs,
      idle: settings.queryMs / 2,
      evict: settings.queryMs / 4,
      validate: (connection: RawConnection) =>
        isOpen(database.sequelize, connection) && connections.isUsable(connection),
    },
    dialectOptions: {
      connectTimeout: settings.connectMs,
      charset: 'utf8mb4',
      supportBigNumbers: true,
      bigNumberStrings: false,
      // See `roundTripsOf`, which refuses them everywhere else.
      multipleStatements: true,
      ...(settings.tls && encrypted(settings.tls, { host, port })),
    },
    hooks: {
      async afterConnect(connection) {
        const raw = connection as RawConnection;
        limitSilence(raw, settings.queryMs, connections);
        try {
          for (const statement of SESSION) await raw.promise().query(statement);
          // After a change of the writer, the new one may not have applied what the old one answered.
          await waitForEarlierWrites((sql) => raw.promise().query(sql)).catch((error) => {
            throw new DependencyUnavailableError('database', error);
          });
          roundTripsOf(connection as MysqlConnection);
          await connections.add(raw);
        } catch (error) {
          // The pool does not know this connection yet, so nothing else closes it.
          raw.destroy();
          throw error;
        }
      },
    },
  };
  const database = new SqlDatabase(options, connections);
  sendTransactionsPlainly(database.sequelize, commitOnGalera);
  endInAnyCase(database.sequelize);
  return database;
}

/** The parts of Sequelize's connection manager that are used here; its types do not have them. */
interface ConnectionManager {
  validate(connection: RawConnection): boolean;
  disconnect(connection: RawConnection): Promise<void>;
}

function managerOf(sequelize: Sequelize): ConnectionManager {
  return (sequelize as unknown as { readonly connectionManager: ConnectionManager })
    .connectionManager;
}

/** The check of an open connection that Sequelize makes when a pool has no other setting. */
function isOpen(sequelize: Sequelize, connection: RawConnection): boolean {
  return managerOf(sequelize).validate(connection);
}

/**
 * The pool of Sequelize handles no error of a connection that it removes, so the error would end the
 * process. A connection that breaks while it is closed is closed all the same.
 */
function endInAnyCase(sequelize: Sequelize): void {
  const manager = managerOf(sequelize);
  const disconnect = manager.disconnect.bind(manager);
  manager.disconnect = (connection) => disconnect(connection).catch(() => connection.destroy());
}

/** A server that hangs sends no response, and a connection that waits for it is useless. */
function limitSilence({ stream }: RawConnection, limitMs: number, all: PooledConnections): void {
  stream.setTimeout(limitMs, () => {
    const silence = new Error(`no answer within ${limitMs} ms`);
    stream.destroy(Object.assign(silence, { code: 'PROTOCOL_CONNECTION_LOST' }));
    all.doubtAll();
  });
}
