import { withConnection } from '../../../tools/servers/mysql/mysql-connection.js';
import { BALANCE, CUSTOMERS, PRICE, UNITS } from '../contestant.js';
import { idsOf, insertRows } from '../load/insert-rows.js';
import type { Scenario } from '../plan.js';

const TABLES = [
  `CREATE TABLE stocks (product_id INT PRIMARY KEY, available INT NOT NULL, price INT NOT NULL,
    version INT NOT NULL)`,
  `CREATE TABLE orders (id CHAR(36) PRIMARY KEY, user_id INT NOT NULL, status VARCHAR(16) NOT NULL,
    total BIGINT NOT NULL, placed_at DATETIME(3) NOT NULL)`,
  `CREATE TABLE order_items (order_id CHAR(36) NOT NULL, product_id INT NOT NULL, quantity INT NOT NULL,
    price INT NOT NULL, PRIMARY KEY (order_id, product_id))`,
  'CREATE TABLE wallets (user_id INT PRIMARY KEY, balance BIGINT NOT NULL)',
  `CREATE TABLE wallet_entries (id CHAR(36) PRIMARY KEY, user_id INT NOT NULL, amount BIGINT NOT NULL,
    balance BIGINT NOT NULL, order_id CHAR(36), charged_at DATETIME(3) NOT NULL)`,
  `CREATE TABLE payments (id CHAR(36) PRIMARY KEY, order_id CHAR(36) NOT NULL UNIQUE, user_id INT NOT NULL,
    amount BIGINT NOT NULL, status VARCHAR(16) NOT NULL, paid_at DATETIME(3) NOT NULL)`,
];

const PLACED_AT = '2026-01-01 00:00:00';

/**
 * Creates the tables of a peer, with as many rows as the shop of Lockstep has.
 *
 * @returns the ids of the inserted orders
 */
export async function preparePeer(
  databaseUrl: string,
  { products, placed }: Scenario,
): Promise<string[]> {
  const orderIds = idsOf('order', placed?.count ?? 0);
  const isPaid = placed?.status === 'paid';
  await withConnection(databaseUrl, async (connection) => {
    for (const table of TABLES) await connection.query(table);
    await insertRows(
      connection,
      'stocks (product_id, available, price, version)',
      Array.from({ length: products }, (_, i) => [i + 1, UNITS, PRICE, 1]),
    );
    await insertRows(
      connection,
      'wallets (user_id, balance)',
      Array.from({ length: CUSTOMERS }, (_, i) => [i, BALANCE]),
    );
    await insertRows(
      connection,
      'orders (id, user_id, status, total, placed_at)',
      orderIds.map((id, i) => [
        ...[id, i % CUSTOMERS, isPaid ? 'PAID' : 'PENDING', PRICE, PLACED_AT],
      ]),
    );
    await insertRows(
      connection,
      'order_items (order_id, product_id, quantity, price)',
      orderIds.map((id, i) => [id, (i % products) + 1, 1, PRICE]),
    );
    if (!isPaid) return;
    const paymentIds = idsOf('payment', orderIds.length);
    await insertRows(
      connection,
      'payments (id, order_id, user_id, amount, status, paid_at)',
      orderIds.map((id, i) => [paymentIds[i], id, i % CUSTOMERS, PRICE, 'CAPTURED', PLACED_AT]),
    );
  });
  return orderIds;
}
