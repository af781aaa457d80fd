/**
 * `zone-process.js <file or mysql://…> read|write [product]`: sells the product at the edges, or reads
 * what was sold, in the time zone of `TZ`.
 */

import { SqlSalesQueries } from '../../../../src/adapters/persistence/sql/aggregates/sales.js';
import { openMysql } from '../../../../src/adapters/persistence/sql/connections/mysql-database.js';
import type { SqlDatabase } from '../../../../src/adapters/persistence/sql/connections/sql-database.js';
import { migrate } from '../../../../src/adapters/persistence/sql/migrations/migrate.js';
import { SqlTransactions } from '../../../../src/adapters/persistence/sql/sql-transactions.js';
import { openSqlite } from '../../../../src/adapters/persistence/sql/sqlite/sqlite-database.js';
import { readSales, SalesAtEdges } from './sales-at-edges.js';

const [place = '', part, productId = ''] = process.argv.slice(2);

async function open(): Promise<SqlDatabase> {
  if (!URL.canParse(place)) return openSqlite({ file: place, busyMs: 5_000 });
  return openMysql({
    url: place,
    ...{ poolMax: 2, acquireMs: 5_000, connectMs: 2_000, queryMs: 8_000 },
  });
}

async function run(database: SqlDatabase): Promise<unknown> {
  const { sequelize, tables } = database;
  if (part === 'read') return readSales(new SqlSalesQueries(sequelize, tables));
  await migrate(sequelize);
  return new SalesAtEdges(new SqlTransactions(database)).sellAll(productId);
}

const database = await open();
const answer = await run(database);
await database.close();
console.log(JSON.stringify(answer ?? null));
