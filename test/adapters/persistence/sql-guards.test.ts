import { expect } from 'chai';
import { QueryTypes } from 'sequelize';
import { v7 } from 'uuid';
import type { SqlDatabase } from '../../../src/adapters/persistence/sql/connections/sql-database.js';
import { migrate } from '../../../src/adapters/persistence/sql/migrations/migrate.js';
import { rejection } from '../../support/rejection.js';
import { openTestMysql, openTestSqlite } from './databases.js';

const TIME = '2026-01-02 03:04:05.678';

/** Rows that no code of the service writes. The database itself must refuse them. */
const forbidden: readonly [string, string, unknown[]][] = [
  ['negative stock', 'UPDATE stocks SET available = available - 11', []],
  ['a negative hold', 'UPDATE stocks SET held = -1', []],
  ['a negative balance', "UPDATE wallets SET balance = -1 WHERE user_id = 'alice'", []],
  ['a negative price', 'UPDATE products SET price = -1', []],
  ['an unknown order status', "UPDATE orders SET status = 'LOST'", []],
  ['an unknown reservation status', "UPDATE reservations SET status = 'LOST'", []],
  ['a reservation of no units', 'UPDATE reservations SET quantity = 0', []],
  ['a confirmation without an order', 'UPDATE reservations SET order_id = NULL', []],
  [
    'an order of a reservation that is not confirmed',
    "UPDATE reservations SET status = 'HELD'",
    [],
  ],
  [
    'a second reservation of an order',
    'INSERT INTO reservations SELECT ?, user_id, product_id, quantity, unit_price, status, order_id, expires_at, created_at, version, quota_slot FROM reservations',
    [v7()],
  ],
  [
    'two open orders in one slot of a customer',
    `INSERT INTO orders (id, user_id, status, total, expires_at, created_at, version, quota_slot)
     SELECT ?, user_id, 'PENDING_PAYMENT', total, expires_at, created_at, 1, 1 FROM orders`,
    [v7()],
  ],
  ['an item of no units', 'UPDATE order_items SET quantity = 0', []],
  ['stock of no product', 'INSERT INTO stocks VALUES (?, 1, 0, 1)', [v7()]],
  [
    'a second product of a sku',
    'INSERT INTO products (id, sku, name, price, category, likes, version, updated_at) SELECT ?, sku, name, price, category, likes, version, updated_at FROM products',
    [v7()],
  ],
  [
    'a second payment of an order',
    'INSERT INTO payments SELECT ?, order_id, user_id, method, amount, status, created_at, version FROM payments',
    [v7()],
  ],
  [
    'a second refund of an order',
    'INSERT INTO wallet_entries SELECT ?, user_id, kind, amount, balance, order_id, created_at, 2 FROM wallet_entries',
    [v7()],
  ],
  [
    'a second entry of one version of a wallet',
    'INSERT INTO wallet_entries SELECT ?, user_id, kind, amount, balance, NULL, created_at, wallet_version FROM wallet_entries',
    [v7()],
  ],
];

for (const { name, open } of [
  { name: 'SQLite', open: openTestSqlite },
  { name: 'MySQL', open: openTestMysql },
]) {
  describe(`The ${name} schema`, () => {
    let resources: AsyncDisposableStack;
    let database: SqlDatabase;

    before(async () => {
      resources = new AsyncDisposableStack();
      database = await open(resources);
      await fill(database);
    });

    after(() => resources.disposeAsync());

    for (const [what, statement, replacements] of forbidden) {
      it(`refuses ${what}`, async () => {
        const error = await rejection(database.sequelize.query(statement, { replacements }));
        expect(error)
          .to.have.property('name')
          .that.matches(/Constraint|DatabaseError/);
        expect(String(error)).to.match(/constraint|duplicate|unique|validation/i);
      });
    }

    it('is migrated once when many instances start at the same time', async () => {
      const fresh = await open(resources);
      await fresh.sequelize.getQueryInterface().dropAllTables();
      const done = (await Promise.all([1, 2, 3].map(() => migrate(fresh.sequelize)))).flat();
      expect(done).to.include('0001-orders');
      expect(done).to.deep.equal([...new Set(done)]);
      expect(await migrate(fresh.sequelize)).to.deep.equal([]);
    });

    if (name === 'SQLite') return;

    it('can be migrated by another instance at once after a migration that failed', async () => {
      const { sequelize } = await open(resources);
      await sequelize.getQueryInterface().dropAllTables();
      await sequelize.query('CREATE TABLE wallets (x INT)');
      expect(await rejection(migrate(sequelize)))
        .to.have.property('message')
        .that.matches(/wallets/);
      const [row] = await sequelize.query(
        "SELECT IS_FREE_LOCK(CONCAT(DATABASE(), '.migrations')) AS isFree",
        { type: QueryTypes.SELECT },
      );
      expect(row).to.deep.equal({ isFree: 1 });
    });
  });
}

async function fill({ sequelize }: SqlDatabase): Promise<void> {
  const product = v7();
  const order = v7();
  const rows: readonly [string, unknown[]][] = [
    [
      `INSERT INTO products (id, sku, name, price, category, likes, version, updated_at)
       VALUES (?, 'S', 'Tea', 5, 'tea', 0, 1, ?)`,
      [product, TIME],
    ],
    ['INSERT INTO stocks VALUES (?, 10, 0, 1)', [product]],
    ["INSERT INTO wallets VALUES ('alice', 100, 1)", []],
    [
      `INSERT INTO orders (id, user_id, status, total, expires_at, created_at, version, quota_slot)
       VALUES (?, 'alice', 'PAID', 5, ?, ?, 1, 1)`,
      [order, TIME, TIME],
    ],
    ['INSERT INTO order_items VALUES (?, ?, 1, 5)', [order, product]],
    [
      "INSERT INTO wallet_entries VALUES (?, 'alice', 'REFUND', 5, 100, ?, ?, 1)",
      [v7(), order, TIME],
    ],
    [
      "INSERT INTO payments VALUES (?, ?, 'alice', 'points', 5, 'CAPTURED', ?, 1)",
      [v7(), order, TIME],
    ],
    [
      "INSERT INTO reservations VALUES (?, 'alice', ?, 1, 5, 'CONFIRMED', ?, ?, ?, 2, NULL)",
      [v7(), product, order, TIME, TIME],
    ],
  ];
  for (const [statement, replacements] of rows) await sequelize.query(statement, { replacements });
}
