import { expect } from 'chai';
import { v7 } from 'uuid';
import { SqlOutboxQueries } from '../../../../src/adapters/persistence/sql/aggregates/outbox.js';
import type { SqlDatabase } from '../../../../src/adapters/persistence/sql/connections/sql-database.js';
import { orderRequestTables } from '../../../../src/adapters/persistence/sql/migrations/0006-order-requests.js';
import { migrate } from '../../../../src/adapters/persistence/sql/migrations/migrate.js';
import { openTestMysql, openTestSqlite } from '../databases.js';

/** Restores the schema from before the migration of events. */
async function backToSix({ sequelize }: SqlDatabase): Promise<void> {
  const orderOutbox = orderRequestTables.statements.find((text) =>
    `${text}`.includes('order_outbox'),
  );
  const isSqlite = sequelize.getDialect() === 'sqlite';
  for (const statement of [
    'DROP TABLE outbox',
    "DELETE FROM outbox_relays WHERE outbox = 'events'",
    "DELETE FROM migrations WHERE name = '0007-events'",
    'CREATE TABLE untold_sales (payment_id CHAR(36) NOT NULL PRIMARY KEY, version BIGINT NOT NULL)',
    isSqlite
      ? `${orderOutbox}`.replace(/BIGINT AUTO_\w+ PRIMARY KEY/, 'INTEGER PRIMARY KEY AUTOINCREMENT')
      : `${orderOutbox}`,
  ]) {
    await sequelize.query(statement);
  }
}

for (const [name, open] of [
  ['SQLite', openTestSqlite],
  ['MySQL', openTestMysql],
] as const) {
  describe(`The migration of the outbox in ${name} that adds events`, () => {
    it('keeps unpublished messages in their order', async () => {
      await using resources = new AsyncDisposableStack();
      const database = await open(resources);
      await backToSix(database);
      const waiting = Array.from({ length: 5 }, () => ({ key: v7(), requestId: v7() }));
      for (const { key, requestId } of waiting) {
        const insert = 'INSERT INTO order_outbox (message_key, request_id) VALUES (?, ?)';
        await database.sequelize.query(insert, { replacements: [key, requestId] });
      }
      expect(await migrate(database.sequelize)).to.deep.equal(['0007-events']);
      const entries = await new SqlOutboxQueries(database.tables.outbox).next('orders', 10);
      expect(entries.map(({ message }) => message)).to.deep.equal(waiting);
      const relays = await database.tables.outboxRelays.findAll({ order: ['outbox'] });
      expect(relays.map((row) => row.get().outbox)).to.deep.equal(['events', 'orders']);
    });
  });
}
