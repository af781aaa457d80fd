import { type Connection, createConnection } from 'mysql2/promise';

const ANSWER_PATIENCE_MS = 2_000;

/** Runs `work` on a connection of its own and closes it. */
export async function withConnection<T>(
  url: string,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await createConnection({ uri: url, connectTimeout: ANSWER_PATIENCE_MS });
  try {
    return await work(connection);
  } finally {
    connection.destroy();
  }
}
