import { type Connection, type ConnectionOptions, createConnection } from 'mysql2/promise';
import { encrypted } from '../../../src/adapters/persistence/sql/connections/mysql-tls.js';
import { settingsFor } from '../../../src/config/settings/tls/settings-for-server.js';
import { tlsOptions } from '../../../src/config/settings/tls/tls-options.js';

const ANSWER_TIMEOUT_MS = 2_000;

/** Runs `work` on a new connection and closes it. */
export async function withConnection<T>(
  url: string,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
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
