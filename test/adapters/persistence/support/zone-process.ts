/**
 * `zone-process.js <file or mysql://…> <product>`, in the time zone of `TZ`: sells the product at the edges and
 * prints a line; when its input ends, it prints what all processes sold.
 */

import { text } from 'node:stream/consumers';
import { SqlSalesQueries } from '../../../../src/adapters/persistence/sql/aggregates/sales.js';
import { openMysql } from '../../../../src/adapters/persistence/sql/connections/mysql-database.js';
import type { SqlDatabase } from '../../../../src/adapters/persistence/sql/connections/sql-database.js';
import { migrate } from '../../../../src/adapters/persistence/sql/migrations/migrate.js';
import { SqlTransactions } from '../../../../src/adapters/persistence/sql/sql-transactions.js';
import { openSqlite } from '../../../../src/adapters/persistence/sql/sqlite/sqlite-database.js';
import { readSales, SalesAtEdges } from './sales-at-edges.js';

const [place = '', productId = ''] = process.argv.slice(2);

async function open(): Promise<SqlDatabase> {
  if (!URL.canParse(place)) return openSqlite({ file: place, busyMs: 5_000 });
  return openMysql({
    url: place,
    ...{ poolMax: 2, acquireMs: 5_000, connectMs: 2_000, queryMs: 8_000 },
  });
}

const database = await open();
const { sequelize, tables } = database;
await migrate(sequelize);
await new SalesAtEdges(new SqlTransactions(database)).sellAll(productId);
console.log('sold');
await text(process.stdin);
console.log(JSON.stringify(await readSales(new SqlSalesQueries(sequelize, tables))));
await database.close();
