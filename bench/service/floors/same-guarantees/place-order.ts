import { randomUUID } from 'node:crypto';
import { guarded, pool } from './guarded.js';
import { addRecord, type Key } from './idempotency.js';
import { addEvents } from './outbox.js';

const PAYMENT_WINDOW_MS = 15 * 60_000;

/** Takes the units from stock and stores the order; its events and its idempotency record commit with it. */
export function placeOrder(
  user: string,
  { productId, quantity }: { readonly productId: string; readonly quantity: number },
  key: Key | undefined,
) {
  return guarded([`stock:${productId}`], async (tx) => {
    const [offer] = await tx.read(
      `SELECT s.available, s.held, s.version, p.price FROM stocks s JOIN products p ON p.id = s.product_id
WHERE s.product_id = ?`,
      [productId],
    );
    if (!offer || offer['available'] < quantity) return undefined;
    const { available, held, version, price } = offer;
    await tx.change(
      'UPDATE stocks SET available = ?, held = ?, version = ? WHERE product_id = ? AND version = ?',
      [available - quantity, held, version + 1, productId, version],
    );
    const now = new Date();
    const order = {
      id: randomUUID(),
      userId: user,
      status: 'PENDING_PAYMENT',
      items: [{ productId, quantity, unitPrice: price }],
      total: price * quantity,
      expiresAt: new Date(now.getTime() + PAYMENT_WINDOW_MS),
      createdAt: now,
      version: 1,
    };
    await tx.change(
      `INSERT INTO orders (id, user_id, status, total, expires_at, created_at, version, quota_slot)
VALUES (?, ?, ?, ?, ?, ?, ?, NULL)`,
      [order.id, user, order.status, order.total, order.expiresAt, now, 1],
    );
    await tx.change(
      'INSERT INTO order_items (order_id, product_id, quantity, unit_price) VALUES (?, ?, ?, ?)',
      [order.id, productId, quantity, price],
    );
    const stock = { productId, version: version + 1, available: available - quantity, held };
    await addEvents(tx, [
      { type: 'stock.changed', key: productId, data: stock },
      { type: 'order.placed', key: order.id, data: order },
    ]);
    if (key) await addRecord(tx, key, order);
    return order;
  });
}

export async function readStock(productId: string) {
  const [rows] = await pool.execute(
    'SELECT product_id AS productId, available, held, version FROM stocks WHERE product_id IN (?)',
    [productId],
  );
  return (rows as object[])[0];
}
