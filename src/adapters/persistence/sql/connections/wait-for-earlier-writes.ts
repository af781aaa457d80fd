import { codeOf } from '../sql-failures.js';

/**
 * Answers when the server has applied every write that its Galera cluster had accepted before. MySQL
 * takes the first part for a comment, and so do servers that do not replicate by Galera.
 */
const WAIT = '/*M! SET STATEMENT wsrep_sync_wait = 1 FOR */ SELECT 1';

/** MariaDB can be built without replication by Galera. */
const NOT_REPLICATED = 'ER_UNKNOWN_SYSTEM_VARIABLE';

/**
 * Resolves when a read on this connection sees all earlier writes of the cluster. A server that does
 * not replicate by Galera answers at once.
 *
 * @throws the error of `send`: the server is not in a majority of its cluster, or lags too far behind
 */
export async function waitForEarlierWrites(send: (sql: string) => Promise<unknown>): Promise<void> {
  try {
    await send(WAIT);
  } catch (error) {
    if (codeOf(error) !== NOT_REPLICATED) throw error;
  }
}
