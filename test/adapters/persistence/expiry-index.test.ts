import { expect } from 'chai';
import { type Options, QueryTypes } from 'sequelize';
import { SqlSettledOrderRequests } from '../../../src/adapters/persistence/sql/aggregates/order-requests.js';
import { SqlExpiryQueries } from '../../../src/adapters/persistence/sql/aggregates/reservations.js';
import type { SqlDatabase } from '../../../src/adapters/persistence/sql/connections/sql-database.js';
import { openTestMysql, openTestSqlite } from './databases.js';

for (const { name, open, explain } of [
  { name: 'SQLite', open: openTestSqlite, explain: 'EXPLAIN QUERY PLAN' },
  // By default MySQL 9 shows a tree without the columns.
  { name: 'MySQL', open: openTestMysql, explain: 'EXPLAIN FORMAT=TRADITIONAL' },
]) {
  describe(`What is due in ${name}`, () => {
    let resources: AsyncDisposableStack;
    let database: SqlDatabase;

    before(async () => {
      resources = new AsyncDisposableStack();
      database = await open(resources);
    });

    after(() => resources.disposeAsync());

    async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
      const statements: string[] = [];
      // The types of Sequelize do not have these options.
      const { options } = database.sequelize as unknown as { options: Options };
      options.logging = (sql) => statements.push(sql.replace(/^.*?: /, ''));
      await work();
      options.logging = false;
      return statements;
    }

    it('is read in order from its index, regardless of other rows', async () => {
      const queries = new SqlExpiryQueries(database.tables);
      const last = { id: 'x', expiresAt: new Date() };
      const statements = await statementsOf(async () => {
        for (const what of ['order', 'reservation'] as const) {
          await queries.due(what, new Date(), 100);
          await queries.due(what, new Date(), 100, last);
        }
        await queries.next();
      });
      expect(statements).to.have.length(6);
      for (const statement of statements) {
        await expectInOrder(statement, /(orders|reservations)_by_expiry/);
      }
    });

    it('is read from an index for old order requests, too', async () => {
      const requests = new SqlSettledOrderRequests(database.tables.orderRequests);
      const [statement = '', ...others] = await statementsOf(() => requests.purge(new Date(), 100));
      expect(others).to.deep.equal([]);
      await expectInOrder(statement, /order_requests_by_age/);
    });

    async function expectInOrder(statement: string, index: RegExp): Promise<void> {
      const type = QueryTypes.SELECT;
      const rows = await database.sequelize.query(`${explain} ${statement}`, { type });
      const plan = JSON.stringify(rows);
      expect(plan, statement).to.match(index);
      expect(plan, statement).not.to.match(/filesort|TEMP B-TREE/i);
    }
  });
}
