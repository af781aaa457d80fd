import type { Connection } from 'mysql2/promise';
import { openMysql } from '../../../src/adapters/persistence/sql/connections/mysql-database.js';
import { migrate } from '../../../src/adapters/persistence/sql/migrations/migrate.js';
import { withConnection } from '../../../tools/servers/mysql/mysql-connection.js';
import { BALANCE, CUSTOMERS, PRICE, UNITS } from '../contestant.js';
import { idsOf, insertRows } from '../load/insert-rows.js';
import type { PlacedOrders, Scenario } from '../plan.js';

/** The ids that requests to a shop use. */
export interface Shop {
  readonly productIds: readonly string[];
  /** Order n belongs to customer n modulo `CUSTOMERS`. */
  readonly orderIds: readonly string[];
}

const DAY_MS = 86_400_000;

/** Creates the tables of Lockstep and inserts the rows that the scenario needs. SQL is faster than requests. */
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

/** Creates the tables of Lockstep in an empty database. */
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

/** Adds orders of one unit of one product. */
async function addOrders(
  connection: Connection,
  { productIds, orderIds }: Shop,
  { status }: PlacedOrders,
): Promise<void> {
  const now = sqlTime(Date.now());
  const tomorrow = sqlTime(Date.now() + DAY_MS);
  // Older than every window of popular items. Else an instance would count these sales at its start.
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

/** Formats a time for SQL in UTC. The time zone of the session has no effect. */
function sqlTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 23).replace('T', ' ');
}
