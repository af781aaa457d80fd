/**
 * A hand-written order service, as a process of its own: what a team writes in an afternoon. The
 * same effects as an order of Lockstep have (stock, order, item) and nothing else: no
 * authentication, no idempotency, no events, no validation.
 *
 * PEER_WAY: `for-update` locks the stock's row, `optimistic` compares its version and tries again,
 * `redlock` takes a lock of redlock-universal before it updates, `express` and `node` only answer, with
 * Express and with Node's HTTP server alone.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import mysql, { type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import { createClient } from 'redis';
import { createLock, NodeRedisAdapter } from 'redlock-universal';

interface Stock extends RowDataPacket {
  readonly available: number;
  readonly version: number;
  readonly price: number;
}

const { PEER_DATABASE_URL = '', PEER_REDIS_URL = '', PEER_WAY = 'for-update' } = process.env;
const TRIES = 1_000;
const onlyAnswers = PEER_WAY === 'express' || PEER_WAY === 'node';
const pool = onlyAnswers
  ? undefined
  : mysql.createPool({ uri: PEER_DATABASE_URL, connectionLimit: 10 });
/** As long as a product of Lockstep. */
const PRODUCT = {
  id: '01938f2e-8c3a-7b6e-9d1a-2f4c5e6a7b8c',
  sku: 'BENCH-1',
  name: 'Tea',
  price: 100,
  category: 'bench',
  likes: 0,
  version: 1,
  updatedAt: '2026-01-01T00:00:00.000Z',
};
const underLock = PEER_WAY === 'redlock' ? await makeRedlock(PEER_REDIS_URL) : undefined;

const app = express();
app.use(express.json());
app.post('/orders', async (req, res) => {
  const { productId, quantity } = req.body as { productId: number; quantity: number };
  const order = await place(productId, quantity);
  if (order) res.status(201).json(order);
  else res.status(409).json({ code: 'insufficient_stock' });
});
app.post('/wallets/:userId/charges', async (req, res) => {
  const { amount } = req.body as { amount: number };
  res.status(201).json(await charge(Number(req.params.userId), amount));
});
app.get('/products/:id', async (req, res) => {
  const product = pool ? await readProduct(Number(req.params.id)) : PRODUCT;
  res.json(product);
});

/** The least that an HTTP server of Node does for a response: the same bytes, ready before the request. */
const text = JSON.stringify(PRODUCT);
const plain: RequestListener = (req, res) => {
  req.resume();
  res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': text.length });
  res.end(text);
};

const server = createServer(PEER_WAY === 'node' ? plain : app);
server.listen(0, '127.0.0.1', () => {
  process.send?.((server.address() as AddressInfo).port);
});

function place(productId: number, quantity: number) {
  if (onlyAnswers) return Promise.resolve({ id: randomUUID(), productId, quantity });
  if (PEER_WAY === 'optimistic') return placeOptimistically(productId, quantity);
  if (underLock) return underLock(productId, () => placeForUpdate(productId, quantity));
  return placeForUpdate(productId, quantity);
}

async function placeForUpdate(productId: number, quantity: number) {
  const connection = await (pool as mysql.Pool).getConnection();
  try {
    await connection.beginTransaction();
    const [[stock]] = await connection.execute<Stock[]>(
      'SELECT available, version, price FROM stocks WHERE product_id = ? FOR UPDATE',
      [productId],
    );
    if (!stock || stock.available < quantity) {
      await connection.rollback();
      return undefined;
    }
    await connection.execute(
      'UPDATE stocks SET available = available - ?, version = version + 1 WHERE product_id = ?',
      [quantity, productId],
    );
    const order = await insertOrder(connection, productId, quantity, stock.price);
    await connection.commit();
    return order;
  } catch (error) {
    await connection.rollback();
    throw error;
  } finally {
    connection.release();
  }
}

async function charge(userId: number, amount: number) {
  const connection = await (pool as mysql.Pool).getConnection();
  try {
    await connection.beginTransaction();
    const [[wallet]] = await connection.execute<RowDataPacket[]>(
      'SELECT balance FROM wallets WHERE user_id = ? FOR UPDATE',
      [userId],
    );
    const balance = Number(wallet?.['balance']) + amount;
    await connection.execute('UPDATE wallets SET balance = ? WHERE user_id = ?', [balance, userId]);
    const id = randomUUID();
    await connection.execute(
      'INSERT INTO wallet_entries (id, user_id, amount, balance, charged_at) VALUES (?, ?, ?, ?, NOW(3))',
      [id, userId, amount, balance],
    );
    await connection.commit();
    return { id, balance };
  } catch (error) {
    await connection.rollback();
    throw error;
  } finally {
    connection.release();
  }
}

async function placeOptimistically(productId: number, quantity: number) {
  for (let i = 0; i < TRIES; i += 1) {
    const connection = await (pool as mysql.Pool).getConnection();
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
}

async function insertOrder(
  connection: mysql.PoolConnection,
  productId: number,
  quantity: number,
  price: number,
) {
  const id = randomUUID();
  await connection.execute('INSERT INTO orders (id, total, placed_at) VALUES (?, ?, NOW(3))', [
    id,
    price * quantity,
  ]);
  await connection.execute(
    'INSERT INTO order_items (order_id, product_id, quantity, price) VALUES (?, ?, ?, ?)',
    [id, productId, quantity, price],
  );
  return { id, productId, quantity, total: price * quantity };
}

async function readProduct(id: number) {
  const [[stock]] = await (pool as mysql.Pool).execute<Stock[]>(
    'SELECT product_id AS id, available, version, price FROM stocks WHERE product_id = ?',
    [id],
  );
  return stock;
}

/** One retry is a hundredth of what the default waits, so that it is the lock that is measured. */
const RETRY = { retryDelay: 1, retryAttempts: 30_000, ttl: 10_000, performance: 'lean' } as const;

async function makeRedlock(url: string) {
  const client = createClient({ url });
  await client.connect();
  const adapter = new NodeRedisAdapter(client);
  return async <T>(productId: number, work: () => Promise<T>): Promise<T> => {
    const lock = createLock({ adapter, key: `stock:${productId}`, ...RETRY });
    const handle = await lock.acquire();
    try {
      return await work();
    } finally {
      await lock.release(handle);
    }
  };
}
