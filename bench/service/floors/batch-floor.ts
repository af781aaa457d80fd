import { randomUUID } from 'node:crypto';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { withConnection } from '../../../tools/servers/mysql/mysql-connection.js';
import { percentile } from '../../statistics.js';
import type { Servers } from '../contestant.js';
import { BATCH_FLOOR, type Plan, type Scenario } from '../plan.js';
import type { Sample } from '../sample.js';

/** Orders in one transaction. */
const ORDERS = 64;

/** A text as long as the event of an order in the outbox. */
const EVENT = 'e'.repeat(320);

const TABLES = [
  'CREATE TABLE stocks (product_id INT PRIMARY KEY, available INT NOT NULL, version INT NOT NULL)',
  `CREATE TABLE orders (id CHAR(36) PRIMARY KEY, user_id VARCHAR(128) NOT NULL, total BIGINT NOT NULL,
    placed_at DATETIME(3) NOT NULL)`,
  `CREATE TABLE order_items (order_id CHAR(36) NOT NULL, product_id INT NOT NULL, quantity INT NOT NULL,
    price INT NOT NULL, PRIMARY KEY (order_id, product_id))`,
  'CREATE TABLE outbox (sequence BIGINT PRIMARY KEY AUTO_INCREMENT, content MEDIUMTEXT NOT NULL)',
  'INSERT INTO stocks VALUES (1, 100000000, 1)',
];

/**
 * Measures the least cost of a batch: one mysql2 transaction with 64 orders, their items and two events for
 * each order. It sends one statement for each table, from this process and without HTTP.
 */
export async function measureBatchFloor(
  { databaseUrl }: Servers,
  { id }: Scenario,
  { ms, warmUpMs }: Plan,
  round: number,
): Promise<Sample> {
  return withConnection(databaseUrl, async (connection) => {
    for (const statement of TABLES) await connection.query(statement);
    await repeat(connection, warmUpMs);
    const cpu = process.cpuUsage();
    const times = await repeat(connection, ms);
    const { user, system } = process.cpuUsage(cpu);
    const answers = times.length * ORDERS;
    const seconds = times.reduce((sum, each) => sum + each, 0) / 1_000;
    return {
      contestant: BATCH_FLOOR,
      scenario: id,
      round,
      perSecond: answers / seconds,
      p50Ms: percentile(times, 0.5),
      p99Ms: percentile(times, 0.99),
      maxMs: percentile(times, 1),
      cpuMs: (user + system) / 1_000 / answers,
      statements: 7 / ORDERS,
      commands: 0,
      connections: 1,
      residentMb: process.memoryUsage().rss / 1_048_576,
      refusals: {},
    };
  });
}

/** @returns how long each batch took, in milliseconds */
async function repeat(connection: Connection, ms: number): Promise<number[]> {
  const times: number[] = [];
  for (const end = performance.now() + ms; performance.now() < end; ) {
    const begun = performance.now();
    await placeBatch(connection);
    times.push(performance.now() - begun);
  }
  return times;
}

async function placeBatch(connection: Connection): Promise<void> {
  const ids = Array.from({ length: ORDERS }, () => randomUUID());
  const now = new Date();
  await connection.beginTransaction();
  const [[stock]] = await connection.execute<RowDataPacket[]>(
    'SELECT available, version FROM stocks WHERE product_id = 1',
  );
  const { available, version } = stock as { available: number; version: number };
  await connection.execute(
    'UPDATE stocks SET available = ?, version = ? WHERE product_id = 1 AND version = ?',
    [available - ORDERS, version + ORDERS, version],
  );
  const insert = (into: string, rows: readonly (readonly unknown[])[]) =>
    connection.query(`INSERT INTO ${into} VALUES ?`, [rows]);
  await insert(
    'orders',
    ids.map((order, i) => [order, `user-${i}`, 100, now]),
  );
  await insert(
    'order_items',
    ids.map((order) => [order, 1, 1, 100]),
  );
  await insert(
    'outbox (content)',
    ids.flatMap(() => [[EVENT], [EVENT]]),
  );
  await connection.commit();
}
