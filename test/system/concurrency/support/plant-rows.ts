import { v7 } from 'uuid';
import type { Env } from '../../../support/backends.js';
import { openDatabase } from './open-database.js';

/** A row that will expire, and when. */
export interface Planted {
  readonly id: string;
  readonly userId: string;
  readonly expiresAt: Date;
}

interface Plan {
  readonly count: number;
  readonly users: readonly string[];
  readonly productIds: readonly string[];
  /** Milliseconds from now to the first expiry, and from the first to the last. */
  readonly inMs: number;
  readonly spreadMs: number;
}

/**
 * Inserts reservations of one unit each directly, because a thousand requests would take too long.
 */
export async function plantReservations(env: Env, plan: Plan): Promise<Planted[]> {
  await using database = openDatabase(env);
  const rows = planted(plan).map(({ row, product_id }) => ({
    ...row,
    product_id,
    quantity: 1,
    unit_price: 7,
    status: 'HELD',
  }));
  const queries = database.sequelize.getQueryInterface();
  await queries.bulkInsert('reservations', rows);
  const move = `UPDATE stocks SET held = held + ?, available = available - ?, version = version + ?
    WHERE product_id = ?`;
  for (const [productId, { length: n }] of Map.groupBy(rows, (row) => row.product_id)) {
    await database.sequelize.query(move, { replacements: [n, n, n, productId] });
  }
  return rows.map((row) => ({ id: row.id, userId: row.user_id, expiresAt: row.expires_at }));
}

/** The same with orders that wait for 7 points. */
export async function plantOrders(env: Env, plan: Plan): Promise<Planted[]> {
  await using database = openDatabase(env);
  const rows = planted(plan);
  const queries = database.sequelize.getQueryInterface();
  const orders = rows.map(({ row }) => ({ ...row, status: 'PENDING_PAYMENT', total: 7 }));
  await queries.bulkInsert('orders', orders);
  const items = rows.map(({ row, product_id }) => ({
    order_id: row.id,
    product_id,
    quantity: 1,
    unit_price: 7,
  }));
  await queries.bulkInsert('order_items', items);
  const take = `UPDATE stocks SET available = available - ?, version = version + ?
    WHERE product_id = ?`;
  for (const [productId, { length: n }] of Map.groupBy(items, (item) => item.product_id)) {
    await database.sequelize.query(take, { replacements: [n, n, productId] });
  }
  return orders.map((row) => ({ id: row.id, userId: row.user_id, expiresAt: row.expires_at }));
}

function planted({ count, users, productIds, inMs, spreadMs }: Plan) {
  const now = Date.now();
  return Array.from({ length: count }, (_, i) => ({
    product_id: String(productIds[i % productIds.length]),
    row: {
      id: v7(),
      user_id: String(users[i % users.length]),
      expires_at: new Date(now + inMs + Math.floor((spreadMs * i) / count)),
      created_at: new Date(now),
      version: 1,
    },
  }));
}
