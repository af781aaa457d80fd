import type { Connection, ConnectionOptions, RowDataPacket } from 'mysql2/promise';
import { encrypted } from '../../../src/adapters/persistence/sql/connections/mysql-tls.js';
import { settingsFor } from '../../../src/config/settings/tls/settings-for-server.js';
import { tlsOptions } from '../../../src/config/settings/tls/tls-options.js';

const ANSWER_TIMEOUT_MS = 2_000;
/** A member of Galera that has just joined answers, and then waits for the others. */
const QUERY_TIMEOUT_MS = 5_000;

/** Runs `work` on a new connection and closes it. The driver is loaded here: most commands open none. */
export async function withConnection<T>(
  url: string,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection({
    uri: withoutParameters(url),
    connectTimeout: ANSWER_TIMEOUT_MS,
    ...security(url),
  });
  try {
    return await work(connection);
  } finally {
    connection.destroy();
  }
}

/**
 * Returns the first row of a short query, on a new connection.
 *
 * @throws Error there is no answer in time: a server that hangs may accept connections
 */
export async function askMysql(url: string, sql: string): Promise<RowDataPacket | undefined> {
  return withConnection(url, async (connection) => {
    const [rows] = await connection.query<RowDataPacket[]>({ sql, timeout: QUERY_TIMEOUT_MS });
    return rows[0];
  });
}

/** @throws Error the server does not answer a query */
export async function pingMysql(url: string): Promise<void> {
  await askMysql(url, 'SELECT 1');
}

/** The options that the service would use for a server given by its address. */
function security(url: string): ConnectionOptions {
  const tls = tlsOptions('DATABASE', settingsFor({ DATABASE_URL: url }));
  const { hostname, port } = new URL(url);
  if (!tls) return {};
  return encrypted(tls, { host: hostname, port: Number(port || 3306) }) as ConnectionOptions;
}

function withoutParameters(text: string): string {
  const url = new URL(text);
  url.search = '';
  return url.href;
}
