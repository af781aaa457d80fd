import { expect } from 'chai';
import { QueryTypes } from 'sequelize';
import { v7 } from 'uuid';
import {
  type OfferRow,
  offersStatement,
  openUnitsStatement,
} from '../../../src/adapters/persistence/sql/aggregates/offers.js';
import type { SqlDatabase } from '../../../src/adapters/persistence/sql/connections/sql-database.js';
import { openTestMysql, openTestSqlite } from './databases.js';

const ORDERS = 2_000;
const COUNTED = ['unpaidOrders', 'holds', 'units'] as const;

for (const { name, open, explain } of [
  { name: 'SQLite', open: openTestSqlite, explain: 'EXPLAIN QUERY PLAN' },
  // By default MySQL 9 shows a tree without the columns.
  { name: 'MySQL', open: openTestMysql, explain: 'EXPLAIN FORMAT=TRADITIONAL' },
]) {
  describe(`What a customer has open in ${name}`, () => {
    let resources: AsyncDisposableStack;
    let database: SqlDatabase;
    const productId = v7();

    before(async () => {
      resources = new AsyncDisposableStack();
      database = await open(resources);
      await plantOrdersOfOthers(database, productId);
    });

    after(() => resources.disposeAsync());

    it('is counted from an index, together with the stocks, however much others have ordered', async () => {
      const buyers = [{ userId: 'alice', productIds: [productId, v7()] }];
      await expectIndexes(offersStatement(buyers, COUNTED));
    });

    it('is counted for each product from an index, however much others have ordered', async () => {
      await expectIndexes(openUnitsStatement('alice', [productId, v7()]));
    });

    it('has no useful upper bound for an order of a version without the largest quantity', async () => {
      const { sql, values } = offersStatement(
        [{ userId: 'user-1', productIds: [productId] }],
        COUNTED,
      );
      const rows = await database.sequelize.query<OfferRow>(sql, {
        replacements: [...values],
        type: QueryTypes.SELECT,
      });
      const bounds = rows.filter(({ kind }) => kind === 'units').map(({ value }) => Number(value));
      expect(bounds).to.deep.equal([2 ** 31 - 1]);
    });

    async function expectIndexes({ sql, values }: ReturnType<typeof openUnitsStatement>) {
      const rows = await database.sequelize.query<Record<string, unknown>>(`${explain} ${sql}`, {
        replacements: [...values],
        type: QueryTypes.SELECT,
      });
      const plan = JSON.stringify(rows);
      for (const index of ['orders_quota_slot', 'reservations_quota_slot']) {
        expect(plan).to.include(index);
      }
      // The plan of a scan of a whole table, or of the orders of other customers.
      expect(plan).not.to.match(/SCAN (o|i|orders|order_items|reservations)\b/);
      const read = rows.map(({ table, type, rows: n }) => ({ table, type, n: Number(n) }));
      const whole = read.filter(
        ({ table, n }) => /^(o|i|orders|reservations)$/.test(`${table}`) && n > 100,
      );
      expect(whole).to.deep.equal([]);
    }
  });
}

async function plantOrdersOfOthers({ sequelize }: SqlDatabase, productId: string): Promise<void> {
  const queries = sequelize.getQueryInterface();
  const now = new Date();
  const fields = { id: productId, sku: productId, name: 'Thing', price: 1, category: 'test' };
  await queries.bulkInsert('products', [{ ...fields, likes: 0, version: 1, updated_at: now }]);
  await queries.bulkInsert('stocks', [
    { product_id: productId, available: 9, held: 0, version: 1 },
  ]);
  const orders = Array.from({ length: ORDERS }, (_, i) => ({
    id: v7(),
    user_id: `user-${i}`,
    status: 'PENDING_PAYMENT',
    total: 1,
    expires_at: now,
    created_at: now,
    version: 1,
    quota_slot: 1,
  }));
  await queries.bulkInsert('orders', orders);
  const items = orders.map(({ id }) => {
    return { order_id: id, product_id: productId, quantity: 1, unit_price: 1 };
  });
  await queries.bulkInsert('order_items', items);
}
