/**
 * A plain HTTP server of Node that answers the reads of a product with the same bytes as Lockstep. It sends
 * all headers, writes the log line and counts the metrics. Bodies and entity tags are made before the start.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RowDataPacket } from 'mysql2/promise';
import { withConnection } from '../../../tools/servers/mysql/mysql-connection.js';
import { headersOf, observe } from './same-answer.js';

const ROUTE = '/v1/products/{id}';
const COLUMNS = 'id, sku, name, price, category, likes, version, updated_at AS updatedAt';
const answers = new Map<string, { readonly text: string; readonly tag: string }>();

await withConnection(process.env['DATABASE_URL'] ?? '', async (connection) => {
  const [rows] = await connection.query<RowDataPacket[]>(`SELECT ${COLUMNS} FROM products`);
  for (const row of rows) {
    const tag = `"${row['version']}.${row['likes']}"`;
    answers.set(`/v1/products/${row['id']}`, { text: JSON.stringify(row), tag });
  }
});

const server = createServer((req, res) => {
  observe(req, res, ROUTE);
  const answer = answers.get(req.url ?? '');
  const headers: (string | number)[] = headersOf(req);
  if (!answer) {
    res.writeHead(404, [...headers, 'Content-Length', 0]).end();
    return;
  }
  const { text, tag } = answer;
  headers.push(
    'Cache-Control',
    'public, no-cache',
    'Cache-Status',
    'lockstep-l1; hit',
    'ETag',
    tag,
  );
  headers.push('Content-Type', 'application/json; charset=utf-8', 'Content-Length', text.length);
  res.writeHead(200, headers).end(text);
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
