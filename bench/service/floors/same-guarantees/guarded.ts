import { randomUUID } from 'node:crypto';
import { createClient } from '@redis/client';
import mysql, {
  type PoolConnection,
  type ResultSetHeader,
  type RowDataPacket,
} from 'mysql2/promise';

const { DATABASE_URL = '', REDIS_URL = '' } = process.env;
const LEASE_MS = 3_000;
/** Pause between two tries for a lock that another request has. */
const RETRY_MS = 1;
const WAIT_MS = 10_000;

export const pool = mysql.createPool({ uri: DATABASE_URL, connectionLimit: 10, timezone: 'Z' });
pool.pool.on('connection', (connection) => {
  connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
});

const redis = createClient({ url: REDIS_URL });
await redis.connect();

/**
 * Takes all locks with an owner and a lease, or none. KEYS: the locks, then the counter of fencing tokens.
 * Returns the fencing token; 0 when another request has one of them.
 */
const ACQUIRE = await redis.scriptLoad(`
for i = 1, #KEYS - 1 do
  if redis.call('EXISTS', KEYS[i]) == 1 then return 0 end
end
for i = 1, #KEYS - 1 do redis.call('SET', KEYS[i], ARGV[1], 'PX', ARGV[2]) end
return redis.call('INCR', KEYS[#KEYS])`);

/** Frees the locks that still have this owner. */
const RELEASE = await redis.scriptLoad(`
for i = 1, #KEYS do
  if redis.call('GET', KEYS[i]) == ARGV[1] then redis.call('DEL', KEYS[i]) end
end
return 0`);

/** Another transaction has changed the row, or the lease has ended: nothing was committed. */
export class ConflictError extends Error {}

/** A transaction that uses prepared statements. */
export interface Transaction {
  read(sql: string, values: unknown[]): Promise<RowDataPacket[]>;
  /** @throws ConflictError it changed another number of rows */
  change(sql: string, values: unknown[], rows?: number): Promise<void>;
}

/** Lock, transaction, work, check of the lease, commit, release: as Lockstep. */
export async function guarded<T>(
  resources: readonly string[],
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const owner = randomUUID();
  const keys = resources.map((each) => `lock:${each}`);
  const deadline = await acquire(keys, owner);
  const connection = await pool.getConnection();
  try {
    await connection.query('START TRANSACTION');
    const result = await work(transactionOn(connection));
    if (performance.now() >= deadline) throw new ConflictError('the lease has ended');
    await connection.query('COMMIT');
    return result;
  } catch (error) {
    await connection.query('ROLLBACK');
    throw error;
  } finally {
    connection.release();
    // Not awaited, as in Lockstep: without the release the lease expires by itself.
    void redis.evalSha(RELEASE, { keys, arguments: [owner] }).catch(() => 0);
  }
}

/** @returns the end of the lease, counted from before the request */
async function acquire(locks: readonly string[], owner: string): Promise<number> {
  const keys = [...locks, 'token'];
  for (const end = performance.now() + WAIT_MS; performance.now() < end; ) {
    const askedAt = performance.now();
    const token = await redis.evalSha(ACQUIRE, { keys, arguments: [owner, `${LEASE_MS}`] });
    if (token !== 0) return askedAt + LEASE_MS;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  throw new Error(`the lock ${keys[0]} was not free within ${WAIT_MS} ms`);
}

function transactionOn(connection: PoolConnection): Transaction {
  return {
    async read(sql, values) {
      const [rows] = await connection.execute<RowDataPacket[]>(sql, values as string[]);
      return rows;
    },
    async change(sql, values, expected = 1) {
      const [{ affectedRows }] = await connection.execute<ResultSetHeader>(sql, values as string[]);
      if (affectedRows !== expected) throw new ConflictError(`${affectedRows} rows have changed`);
    },
  };
}
