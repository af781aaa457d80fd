import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { QueryTypes } from 'sequelize';
import { v7 } from 'uuid';
import { SqlOrderQueries } from '../../../../src/adapters/persistence/sql/aggregates/orders.js';
import { SqlProductQueries } from '../../../../src/adapters/persistence/sql/aggregates/products.js';
import { SqlWalletQueries } from '../../../../src/adapters/persistence/sql/aggregates/wallets.js';
import { openMysql } from '../../../../src/adapters/persistence/sql/connections/mysql-database.js';
import type { SqlDatabase } from '../../../../src/adapters/persistence/sql/connections/sql-database.js';
import { listOrder } from '../../../../src/adapters/persistence/sql/migrations/0010-list-order.js';
import { migrate } from '../../../../src/adapters/persistence/sql/migrations/migrate.js';
import { SqlTransactions } from '../../../../src/adapters/persistence/sql/sql-transactions.js';
import { openTestMysql, openTestSqlite } from '../databases.js';

const NAME = '0010-list-order';
const NOW = new Date('2026-01-02T03:04:05.678Z');

/** Restores the schema from before migration 10. */
async function backToNine({ sequelize }: SqlDatabase): Promise<void> {
  const indexes = [
    ['wallet_entries_in_sequence', 'wallet_entries'],
    ['orders_of_user_in_sequence', 'orders'],
    ['products_by_category_in_sequence', 'products'],
  ];
  const isMysql = sequelize.getDialect() === 'mysql';
  const statements = [
    'CREATE INDEX wallet_entries_of_user ON wallet_entries (user_id, id)',
    'CREATE INDEX orders_of_user ON orders (user_id, id)',
    'CREATE INDEX products_by_category ON products (category, id)',
    ...indexes.map(([name, table]) => `DROP INDEX ${name} ${isMysql ? `ON ${table}` : ''}`),
    'ALTER TABLE wallet_entries DROP COLUMN wallet_version',
    ...(isMysql ? ['orders', 'products'].map((t) => `ALTER TABLE ${t} DROP COLUMN sequence`) : []),
    'DROP TABLE sequences',
    `DELETE FROM migrations WHERE name = '${NAME}'`,
  ];
  for (const statement of statements) await sequelize.query(statement);
}

/**
 * Three wallets with 1, 2 and 3 charges of a point, and an order and a product for each charge. The
 * ids are in order.
 */
async function fill({ sequelize }: SqlDatabase): Promise<Record<string, string[]>> {
  const ids: Record<string, string[]> = {};
  const insert = (sql: string, replacements: unknown[]) => sequelize.query(sql, { replacements });
  for (const [user, charges] of Object.entries({ a: 1, b: 2, c: 3 })) {
    await insert('INSERT INTO wallets VALUES (?, ?, ?)', [user, charges, charges]);
    ids[user] = Array.from({ length: charges }, () => v7());
    // Stored in reverse order, so only the ids give their order.
    for (const [i, id] of [...ids[user].entries()].reverse()) {
      await insert(
        `INSERT INTO wallet_entries (id, user_id, kind, amount, balance, created_at)
         VALUES (?, ?, 'CHARGE', 1, ?, ?)`,
        [id, user, i + 1, NOW],
      );
      await insert(
        `INSERT INTO orders (id, user_id, status, total, expires_at, created_at, version)
         VALUES (?, ?, 'EXPIRED', 1, ?, ?, 2)`,
        [id, user, NOW, NOW],
      );
      await insert(
        `INSERT INTO products (id, sku, name, price, category, likes, version, updated_at)
         VALUES (?, ?, 'Tea', 1, ?, 0, 1, ?)`,
        [id, id, user, NOW],
      );
    }
  }
  return ids;
}

/** The address of the database, with the password that Sequelize keeps. */
function databaseUrl({ sequelize }: SqlDatabase): string {
  const { username, password, host, port, database } = sequelize.config;
  return `mysql://${username}:${password}@${host}:${port}/${database}`;
}

for (const [name, open] of [
  ['SQLite', openTestSqlite],
  ['MySQL', openTestMysql],
] as const) {
  describe(`Migrated lists in ${name}`, () => {
    let resources: AsyncDisposableStack;
    let database: SqlDatabase;
    let ids: Record<string, string[]>;

    beforeEach(async () => {
      resources = new AsyncDisposableStack();
      database = await open(resources);
      await backToNine(database);
      ids = await fill(database);
    });

    afterEach(() => resources.disposeAsync());

    async function expectLists(): Promise<void> {
      const { tables } = database;
      const wallets = new SqlWalletQueries(tables.wallets, tables.walletEntries);
      const orders = new SqlOrderQueries(tables);
      const products = new SqlProductQueries(tables.products);
      for (const [user, own] of Object.entries(ids)) {
        const page = { limit: 100 };
        const entries = (await wallets.entries(user, page)).items;
        expect(entries.map(({ id }) => id)).to.deep.equal(own.toReversed());
        expect(entries[0]?.walletVersion).to.equal((await wallets.get(user)).version);
        expect((await orders.list(user, page)).items).to.have.length(own.length);
        expect((await products.list(page, user)).items).to.have.length(own.length);
        if (name === 'SQLite') continue;
        // SQLite numbered the rows from the start.
        const placed = (await orders.list(user, page)).items.map(({ id }) => id);
        expect(placed).to.deep.equal(own.toReversed());
        const added = (await products.list(page, user)).items.map(({ id }) => id);
        expect(added).to.deep.equal(own);
      }
    }

    it('keep the order of existing rows, and add new rows at the end', async () => {
      expect(await migrate(database.sequelize)).to.deep.equal([NAME]);
      await expectLists();
      const tx = await new SqlTransactions(database).begin();
      for (const user of ['a', 'b', 'c', 'd']) {
        const wallet = await tx.wallets.get(user);
        // An id from a clock that is far behind.
        const id = v7({ msecs: 1 });
        await tx.wallets.save(wallet.charge(1, id, NOW));
        ids[user] = [...(ids[user] ?? []), id];
      }
      await tx.commit();
      const wallets = new SqlWalletQueries(database.tables.wallets, database.tables.walletEntries);
      for (const user of ['a', 'b', 'c', 'd']) {
        const entries = (await wallets.entries(user, { limit: 100 })).items;
        expect(entries.map(({ id }) => id)).to.deep.equal(ids[user]?.toReversed());
      }
    });

    if (name === 'SQLite') return;

    it('wait for a statement that takes longer than the time limit for a silent server', async () => {
      const { sequelize } = database;
      const url = databaseUrl(database);
      const hasty = openMysql({
        url,
        poolMax: 2,
        acquireMs: 5_000,
        connectMs: 2_000,
        queryMs: 200,
      });
      resources.defer(() => hasty.close());
      const holder = await sequelize.transaction();
      await sequelize.query('LOCK TABLES wallet_entries WRITE', { transaction: holder });
      const migrating = migrate(hasty.sequelize);
      await pause(600);
      await sequelize.query('UNLOCK TABLES', { transaction: holder });
      await holder.rollback();
      expect(await migrating).to.deep.equal([NAME]);
      await expectLists();
    });

    it('are complete after a restart of a migration that crashed half way', async () => {
      const { sequelize } = database;
      const all = listOrder.statements.map((one) => (typeof one === 'string' ? one : one.mysql));
      for (const done of [1, 3, 5, 8, all.length]) {
        for (const statement of all.slice(0, done)) await sequelize.query(`${statement}`);
        expect(await migrate(sequelize)).to.deep.equal([NAME]);
        await expectLists();
        const type = QueryTypes.SELECT;
        const rows = await sequelize.query('SELECT name FROM sequences', { type });
        expect(rows).to.deep.equal([{ name: 'products' }]);
        await backToNine(database);
      }
    });
  });
}
