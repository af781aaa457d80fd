import type { Connection } from 'mysql2/promise';
import { openMysql } from '../../../src/adapters/persistence/sql/connections/mysql-database.js';
import { migrate } from '../../../src/adapters/persistence/sql/migrations/migrate.js';
import { withConnection } from '../../../tools/servers/mysql/mysql-connection.js';
import { BALANCE, CUSTOMERS, PRICE, UNITS } from '../contestant.js';
import { idsOf, insertRows } from '../load/insert-rows.js';
import type { PlacedOrders, Scenario } from '../plan.js';

/** What requests need to know of a shop. */
export interface Shop {
  readonly productIds: readonly string[];
  /** The n-th belongs to the customer with the number n modulo `CUSTOMERS`. */
  readonly orderIds: readonly string[];
}

const DAY_MS = 86_400_000;

/** Adds the tables of Lockstep to an empty database, and what the scenario needs, by SQL: it is faster than by requests. */
export async function prepareShop(
  databaseUrl: string,
  { products, placed }: Scenario,
): Promise<Shop> {
  await createTables(databaseUrl);
  const shop = {
    productIds: idsOf('product', products),
    orderIds: idsOf('order', placed?.count ?? 0),
  };
  await withConnection(databaseUrl, async (connection) => {
    await addProducts(connection, shop.productIds);
    await insertRows(
      connection,
      'wallets (user_id, balance, version)',
      Array.from({ length: CUSTOMERS }, (_, i) => [customer(i), BALANCE, 1]),
    );
    if (placed) await addOrders(connection, shop, placed);
  });
  return shop;
}

export function customer(number: number): string {
  return `bench-${number % CUSTOMERS}`;
}

/** The tables of Lockstep in an empty database. */
export async function createTables(url: string): Promise<void> {
  const limits = { poolMax: 1, acquireMs: 60_000, connectMs: 5_000, queryMs: 60_000 };
  const database = openMysql({ url, ...limits });
  try {
    await migrate(database.sequelize);
  } finally {
    await database.close();
  }
}

async function addProducts(connection: Connection, ids: readonly string[]): Promise<void> {
  const now = sqlTime(Date.now());
  await insertRows(
    connection,
    'products (id, sku, name, price, category, likes, version, updated_at)',
    ids.map((id, i) => [id, `BENCH-${i}`, 'Tea', PRICE, 'bench', 0, 1, now]),
  );
  await insertRows(
    connection,
    'stocks (product_id, available, held, version)',
    ids.map((id) => [id, UNITS, 0, 1]),
  );
}

/** One unit of one product each. */
async function addOrders(
  connection: Connection,
  { productIds, orderIds }: Shop,
  { status }: PlacedOrders,
): Promise<void> {
  const now = sqlTime(Date.now());
  const tomorrow = sqlTime(Date.now() + DAY_MS);
  // Older than each window of popular items: else an instance would count these sales when it starts.
  const paidAt = sqlTime(Date.now() - 30 * DAY_MS);
  const state = status === 'paid' ? 'PAID' : 'PENDING_PAYMENT';
  await insertRows(
    connection,
    'orders (id, user_id, status, total, expires_at, created_at, version)',
    orderIds.map((id, i) => [id, customer(i), state, PRICE, tomorrow, now, 1]),
  );
  await insertRows(
    connection,
    'order_items (order_id, product_id, quantity, unit_price)',
    orderIds.map((id, i) => [id, productIds[i % productIds.length], 1, PRICE]),
  );
  if (status === 'unpaid') return;
  const paymentIds = idsOf('payment', orderIds.length);
  await insertRows(
    connection,
    'payments (id, order_id, user_id, method, amount, status, created_at, version)',
    orderIds.map((id, i) => [
      paymentIds[i],
      id,
      customer(i),
      'points',
      PRICE,
      'CAPTURED',
      paidAt,
      1,
    ]),
  );
}

/** UTC, whatever the time zone of the session. */
function sqlTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 23).replace('T', ' ');
}
