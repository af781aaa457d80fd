import { randomUUID } from 'node:crypto';
import type { RowDataPacket } from 'mysql2/promise';
import { ConflictError, guarded, pool, type Transaction } from './guarded.js';
import { addEvents } from './outbox.js';

const ORDER = `SELECT o.id, o.user_id AS userId, o.status, o.total, o.expires_at AS expiresAt,
  o.created_at AS createdAt, o.version, i.product_id AS productId, i.quantity, i.unit_price AS unitPrice
FROM orders o JOIN order_items i ON i.order_id = o.id WHERE o.id = ?`;

/** Adds points to the wallet and its ledger. */
export function charge(user: string, amount: number) {
  return guarded([`wallet:${user}`], (tx) => move(tx, user, 'CHARGE', amount));
}

/** Pays a pending order with points; undefined: it is not the user's, or it cannot be paid. */
export function payOrder(user: string, orderId: string) {
  return guarded([`order:${orderId}`, `wallet:${user}`], async (tx) => {
    const order = orderIn(await tx.read(ORDER, [orderId]));
    const now = new Date();
    const isPayable = order?.status === 'PENDING_PAYMENT' && order.expiresAt > now;
    if (!isPayable || order.userId !== user) return undefined;
    await move(tx, user, 'PAYMENT', -order.total, orderId);
    const amount = order.total;
    const payment = { id: randomUUID(), orderId, userId: user, method: 'points', amount };
    await tx.change(
      `INSERT INTO payments (id, order_id, user_id, method, amount, status, created_at, version)
VALUES (?, ?, ?, ?, ?, 'CAPTURED', ?, 1)`,
      [payment.id, orderId, user, payment.method, amount, now],
    );
    const paid = await saveStatus(tx, order, 'PAID');
    await addEvents(tx, [{ type: 'order.paid', key: orderId, data: paid }]);
    return { ...payment, status: 'CAPTURED', createdAt: now, order: paid };
  });
}

/** Returns the units to stock and the points to the wallet; undefined: it cannot be cancelled. */
export async function cancelOrder(user: string, orderId: string) {
  // Read without a lock, because owner and items of an order never change.
  const [rows] = await pool.execute<RowDataPacket[]>(ORDER, [orderId]);
  const seen = orderIn(rows);
  if (!seen || seen.userId !== user) return undefined;
  const [item] = seen.items;
  if (!item) return undefined;
  const locks = [`order:${orderId}`, `wallet:${user}`, `stock:${item.productId}`];
  return guarded(locks, async (tx) => {
    const order = orderIn(await tx.read(ORDER, [orderId]));
    if (!order || !['PENDING_PAYMENT', 'PAID'].includes(order.status)) return undefined;
    const stock = await putBack(tx, item.productId, item.quantity);
    const refunded = await refund(tx, user, orderId);
    const cancelled = await saveStatus(tx, order, 'CANCELLED');
    await addEvents(tx, [
      { type: 'stock.changed', key: item.productId, data: stock },
      { type: 'order.cancelled', key: orderId, data: cancelled },
    ]);
    return { ...cancelled, refunded };
  });
}

/** Builds the order from the rows of its items. */
function orderIn(rows: readonly RowDataPacket[]) {
  const [first] = rows;
  if (!first) return undefined;
  const { productId: _, quantity: __, unitPrice: ___, ...order } = first;
  return {
    id: String(order['id']),
    userId: String(order['userId']),
    status: String(order['status']),
    items: rows.map((row) => ({
      productId: String(row['productId']),
      quantity: Number(row['quantity']),
      unitPrice: Number(row['unitPrice']),
    })),
    total: Number(order['total']),
    expiresAt: order['expiresAt'] as Date,
    createdAt: order['createdAt'] as Date,
    version: Number(order['version']),
  };
}

type Order = NonNullable<ReturnType<typeof orderIn>>;

async function saveStatus(tx: Transaction, order: Order, status: string): Promise<Order> {
  await tx.change(
    'UPDATE orders SET status = ?, quota_slot = NULL, version = ? WHERE id = ? AND version = ?',
    [status, order.version + 1, order.id, order.version],
  );
  return { ...order, status, version: order.version + 1 };
}

async function putBack(tx: Transaction, productId: string, quantity: number) {
  const [row] = await tx.read('SELECT available, held, version FROM stocks WHERE product_id = ?', [
    productId,
  ]);
  if (!row) throw new ConflictError(`the stock of ${productId} is gone`);
  const { available, held, version } = row;
  await tx.change(
    'UPDATE stocks SET available = ?, held = ?, version = ? WHERE product_id = ? AND version = ?',
    [available + quantity, held, version + 1, productId, version],
  );
  return { productId, version: version + 1, available: available + quantity, held };
}

/** @returns the refunded points; 0: the order was not paid */
async function refund(tx: Transaction, user: string, orderId: string): Promise<number> {
  const [payment] = await tx.read('SELECT id, amount, version FROM payments WHERE order_id = ?', [
    orderId,
  ]);
  if (!payment) return 0;
  const { id, amount, version } = payment;
  await tx.change(
    "UPDATE payments SET status = 'REFUNDED', version = ? WHERE id = ? AND version = ?",
    [version + 1, id, version],
  );
  await move(tx, user, 'REFUND', amount, orderId);
  return amount;
}

/** Changes a wallet by so many points and adds the entry to its ledger. */
async function move(
  tx: Transaction,
  user: string,
  kind: string,
  amount: number,
  orderId: string | null = null,
) {
  const [wallet] = await tx.read('SELECT balance, version FROM wallets WHERE user_id = ?', [user]);
  const balance = Number(wallet?.['balance']) + amount;
  const version = Number(wallet?.['version']) + 1;
  await tx.change('UPDATE wallets SET balance = ?, version = ? WHERE user_id = ? AND version = ?', [
    balance,
    version,
    user,
    version - 1,
  ]);
  const entry = { id: randomUUID(), userId: user, kind, amount, balance, orderId };
  const createdAt = new Date();
  await tx.change(
    `INSERT INTO wallet_entries (id, user_id, kind, amount, balance, order_id, wallet_version, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [entry.id, user, kind, amount, balance, orderId, version, createdAt],
  );
  return {
    wallet: { userId: user, balance, version },
    entry: { ...entry, walletVersion: version, createdAt },
  };
}
