import { randomUUID } from 'node:crypto';
import { createClient } from '@redis/client';
import type { ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { createLock, NodeRedisAdapter } from 'redlock-universal';
import { type Connection, inTransaction, pool } from './database.js';

interface Stock extends RowDataPacket {
  readonly available: number;
  readonly version: number;
  readonly price: number;
}

/** The stored order; undefined: there are not enough units. */
type Placed = object | undefined;
export type PlaceOrder = (productId: number, quantity: number) => Promise<Placed>;

/** Tries of an order whose stock is changed by other orders. */
const TRIES = 1_000;

/** Locks the row of the stock and then reads it. */
export const placeForUpdate: PlaceOrder = (productId, quantity) =>
  inTransaction(async (connection) => {
    const [[stock]] = await connection.execute<Stock[]>(
      'SELECT available, version, price FROM stocks WHERE product_id = ? FOR UPDATE',
      [productId],
    );
    if (!stock || stock.available < quantity) return undefined;
    await connection.execute(
      'UPDATE stocks SET available = available - ?, version = version + 1 WHERE product_id = ?',
      [quantity, productId],
    );
    return insertOrder(connection, productId, quantity, stock.price);
  });

/** Compares the version of the stock, and tries again if another order has changed it. */
export const placeOptimistically: PlaceOrder = async (productId, quantity) => {
  for (let i = 0; i < TRIES; i += 1) {
    const connection = await pool.getConnection();
    try {
      const [[stock]] = await connection.execute<Stock[]>(
        'SELECT available, version, price FROM stocks WHERE product_id = ?',
        [productId],
      );
      if (!stock || stock.available < quantity) return undefined;
      await connection.beginTransaction();
      const [changed] = await connection.execute<ResultSetHeader>(
        'UPDATE stocks SET available = ?, version = ? WHERE product_id = ? AND version = ?',
        [stock.available - quantity, stock.version + 1, productId, stock.version],
      );
      if (changed.affectedRows === 1) {
        const order = await insertOrder(connection, productId, quantity, stock.price);
        await connection.commit();
        return order;
      }
      await connection.rollback();
    } finally {
      connection.release();
    }
  }
  return undefined;
};

/** The pause is a hundredth of the default, so that the lock is measured and not the pause. */
const RETRY = { retryDelay: 1, retryAttempts: 30_000, ttl: 10_000, performance: 'lean' } as const;

/** `placeForUpdate` behind a lock of redlock-universal. */
export async function makePlaceUnderRedlock(redisUrl: string): Promise<PlaceOrder> {
  const client = createClient({ url: redisUrl });
  await client.connect();
  const adapter = new NodeRedisAdapter(client);
  return async (productId, quantity) => {
    const lock = createLock({ adapter, key: `stock:${productId}`, ...RETRY });
    const handle = await lock.acquire();
    try {
      return await placeForUpdate(productId, quantity);
    } finally {
      await lock.release(handle);
    }
  };
}

async function insertOrder(
  connection: Connection,
  productId: number,
  quantity: number,
  price: number,
): Promise<object> {
  const id = randomUUID();
  await connection.execute(
    "INSERT INTO orders (id, user_id, status, total, placed_at) VALUES (?, 0, 'PENDING', ?, NOW(3))",
    [id, price * quantity],
  );
  await connection.execute(
    'INSERT INTO order_items (order_id, product_id, quantity, price) VALUES (?, ?, ?, ?)',
    [id, productId, quantity, price],
  );
  return { id, productId, quantity, total: price * quantity };
}
