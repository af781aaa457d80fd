import mysql, { type PoolConnection } from 'mysql2/promise';

export type Connection = PoolConnection;

/** The pool of the peer. It opens its first connection at the first query. */
export const pool = mysql.createPool({
  uri: process.env['PEER_DATABASE_URL'] ?? '',
  connectionLimit: 10,
});

/** Runs `work` in a transaction. Rolls back if it returns undefined or throws, and commits otherwise. */
export async function inTransaction<T>(
  work: (connection: Connection) => Promise<T | undefined>,
): Promise<T | undefined> {
  const connection = await pool.getConnection();
  try {
    await connection.beginTransaction();
    const result = await work(connection);
    if (result === undefined) await connection.rollback();
    else await connection.commit();
    return result;
  } catch (error) {
    await connection.rollback();
    throw error;
  } finally {
    connection.release();
  }
}
