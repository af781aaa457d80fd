import { expect } from 'chai';
import { type Options, QueryTypes } from 'sequelize';
import { SqlExpiryQueries } from '../../src/adapters/persistence/sql/queries/sql-expiry-queries.js';
import type { SqlDatabase } from '../../src/adapters/persistence/sql/sql-database.js';
import { openTestMysql, openTestSqlite } from './databases.js';

for (const { name, open, explain } of [
  { name: 'SQLite', open: openTestSqlite, explain: 'EXPLAIN QUERY PLAN' },
  { name: 'MySQL', open: openTestMysql, explain: 'EXPLAIN' },
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
      // The options are not in Sequelize's types.
      const { options } = database.sequelize as unknown as { options: Options };
      options.logging = (sql) => statements.push(sql.replace(/^.*?: /, ''));
      await work();
      options.logging = false;
      return statements;
    }

    it('is read from the index that holds it in order, whatever else there is', async () => {
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
        const type = QueryTypes.SELECT;
        const plan = JSON.stringify(
          await database.sequelize.query(`${explain} ${statement}`, { type }),
        );
        expect(plan, statement).to.match(/(orders|reservations)_by_expiry/);
        expect(plan, statement).not.to.match(/filesort|TEMP B-TREE/i);
      }
    });
  });
}
