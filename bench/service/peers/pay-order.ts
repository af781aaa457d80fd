import { randomUUID } from 'node:crypto';
import type { ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { type Connection, inTransaction } from './database.js';

/** Adds points to a wallet. */
export function charge(userId: number, amount: number): Promise<object | undefined> {
  return inTransaction((connection) => move(connection, userId, amount));
}

/** Pays a pending order with points; undefined: it cannot be paid. */
export function pay(orderId: string): Promise<object | undefined> {
  return inTransaction(async (connection) => {
    const order = await lockOrder(connection, orderId);
    if (order?.['status'] !== 'PENDING') return undefined;
    const { user_id: userId, total } = order;
    const entry = await move(connection, userId, -total, orderId);
    if (!entry) return undefined;
    const id = randomUUID();
    await connection.execute(
      "INSERT INTO payments (id, order_id, user_id, amount, status, paid_at) VALUES (?, ?, ?, ?, 'CAPTURED', NOW(3))",
      [id, orderId, userId, total],
    );
    await connection.execute("UPDATE orders SET status = 'PAID' WHERE id = ?", [orderId]);
    return { id, orderId, amount: total };
  });
}

/** Returns the units of an order to stock and the points to its wallet; undefined: it was cancelled before. */
export function cancel(orderId: string): Promise<object | undefined> {
  return inTransaction(async (connection) => {
    const order = await lockOrder(connection, orderId);
    if (!order || order['status'] === 'CANCELLED') return undefined;
    const [items] = await connection.execute<RowDataPacket[]>(
      'SELECT product_id, quantity FROM order_items WHERE order_id = ? ORDER BY product_id',
      [orderId],
    );
    for (const { product_id: productId, quantity } of items) {
      await connection.execute(
        'UPDATE stocks SET available = available + ?, version = version + 1 WHERE product_id = ?',
        [quantity, productId],
      );
    }
    const [{ affectedRows: refunds }] = await connection.execute<ResultSetHeader>(
      "UPDATE payments SET status = 'REFUNDED' WHERE order_id = ?",
      [orderId],
    );
    const { user_id: userId, total } = order;
    if (refunds === 1) await move(connection, userId, total, orderId);
    await connection.execute("UPDATE orders SET status = 'CANCELLED' WHERE id = ?", [orderId]);
    return { id: orderId, status: 'CANCELLED', refunded: refunds === 1 ? total : 0 };
  });
}

async function lockOrder(connection: Connection, id: string): Promise<RowDataPacket | undefined> {
  const [[order]] = await connection.execute<RowDataPacket[]>(
    'SELECT user_id, status, total FROM orders WHERE id = ? FOR UPDATE',
    [id],
  );
  return order;
}

/** Changes the points of a wallet and adds an entry to its ledger; undefined: there are not enough points. */
async function move(
  connection: Connection,
  userId: number,
  amount: number,
  orderId: string | null = null,
): Promise<object | undefined> {
  const [[wallet]] = await connection.execute<RowDataPacket[]>(
    'SELECT balance FROM wallets WHERE user_id = ? FOR UPDATE',
    [userId],
  );
  const balance = Number(wallet?.['balance']) + amount;
  if (balance < 0) return undefined;
  await connection.execute('UPDATE wallets SET balance = ? WHERE user_id = ?', [balance, userId]);
  const id = randomUUID();
  await connection.execute(
    `INSERT INTO wallet_entries (id, user_id, amount, balance, order_id, charged_at)
VALUES (?, ?, ?, ?, ?, NOW(3))`,
    [id, userId, amount, balance, orderId],
  );
  return { id, balance };
}
