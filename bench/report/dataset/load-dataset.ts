import type { Connection } from 'mysql2/promise';
import { withConnection } from '../../../tools/servers/mysql/mysql-connection.js';
import type { Progress } from '../progress.js';
import { type Dataset, LINES_AN_ORDER } from './dataset.js';
import { type Filling, fillings, NUMBERS } from './statements.js';

/** The most rows that one statement inserts, so that no statement takes long. */
const BATCH = 50_000;

const SESSION = [
  "SET time_zone = '+00:00'",
  'SET foreign_key_checks = 0, unique_checks = 0',
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
];

/** Fills a migrated, empty database with INSERT … SELECT statements. */
export async function loadDataset(url: string, data: Dataset, progress: Progress): Promise<void> {
  await withConnection(url, async (connection) => {
    for (const statement of SESSION) await connection.query(statement);
    await makeNumbers(connection, Math.max(data.orders, data.products));
    for (const filling of fillings(data)) {
      const [table] = filling.table.split(' ');
      progress(`${data.lines} lines: ${table}`);
      await fill(connection, filling, data);
      await connection.query(`ANALYZE TABLE ${table}`);
    }
    await connection.query(`DROP TABLE ${NUMBERS}`);
  });
}

async function makeNumbers(connection: Connection, count: number): Promise<void> {
  await connection.query(`CREATE TABLE ${NUMBERS} (n INTEGER NOT NULL PRIMARY KEY)`);
  await connection.query(`INSERT INTO ${NUMBERS} VALUES (0)`);
  for (let made = 1; made < count; made *= 2) {
    const more = Math.min(made, count - made);
    const insert = `INSERT INTO ${NUMBERS} SELECT n + ${made} FROM ${NUMBERS} WHERE n < ${more}`;
    await connection.query(insert);
  }
}

async function fill(
  connection: Connection,
  { rows, statement }: Filling,
  { from, until, orders }: Dataset,
): Promise<void> {
  const stepUs = Math.floor(((until.getTime() - from.getTime()) * 1000) / orders);
  const bound = statement
    .replaceAll(':from', connection.escape(from.toISOString().slice(0, 23).replace('T', ' ')))
    .replaceAll(':stepUs', String(stepUs));
  const batch = bound.includes('order_line') ? BATCH / LINES_AN_ORDER : BATCH;
  for (let first = 0; first < rows; first += batch) {
    const end = Math.min(first + batch, rows);
    await connection.query(`${bound} WHERE n >= ${first} AND n < ${end} ORDER BY n`);
  }
}
