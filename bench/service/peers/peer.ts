import { fileURLToPath } from 'node:url';
import { withConnection } from '../../../tools/servers/mysql/mysql-connection.js';
import { requestBytes } from '../connection.js';
import type { Contestant, Running, Servers } from '../contestant.js';
import { startProcess } from '../start-process.js';

const PROGRAM = fileURLToPath(new URL('peer-process.js', import.meta.url));
const UNITS = 100_000_000;
/** As many as Lockstep has in this benchmark. */
const CUSTOMERS = 1_000;

const TABLES = [
  `CREATE TABLE stocks (product_id INT PRIMARY KEY, available INT NOT NULL, price INT NOT NULL,
    version INT NOT NULL)`,
  'CREATE TABLE orders (id CHAR(36) PRIMARY KEY, total BIGINT NOT NULL, placed_at DATETIME(3) NOT NULL)',
  `CREATE TABLE order_items (order_id CHAR(36) NOT NULL, product_id INT NOT NULL, quantity INT NOT NULL,
    price INT NOT NULL, PRIMARY KEY (order_id, product_id))`,
  'CREATE TABLE wallets (user_id INT PRIMARY KEY, balance BIGINT NOT NULL)',
  `CREATE TABLE wallet_entries (id CHAR(36) PRIMARY KEY, user_id INT NOT NULL, amount BIGINT NOT NULL,
    balance BIGINT NOT NULL, charged_at DATETIME(3) NOT NULL)`,
];

type Way = 'for-update' | 'optimistic' | 'redlock' | 'express' | 'node';

const FLOORS: readonly Way[] = ['express', 'node'];

function peer(id: string, way: Way, settings: string): Contestant {
  return {
    id,
    settings,
    kind: FLOORS.includes(way) ? 'floor' : 'peer',
    ...(way === 'redlock' && { packageName: 'redlock-universal' }),
    start: (servers, products, instances) => start(way, servers, products, instances),
  };
}

export const PEERS: readonly Contestant[] = [
  peer('hand-written', 'for-update', 'Express 5, mysql2, SELECT … FOR UPDATE'),
  peer('optimistic', 'optimistic', 'Express 5, mysql2, UPDATE … WHERE version, tried again'),
  peer(
    'redlock',
    'redlock',
    'the hand-written one behind a lock of redlock-universal, 1 ms retries',
  ),
  peer('bare Express', 'express', 'Express 5 with its body parser; answers, and does nothing'),
  peer('Node http', 'node', 'the HTTP server of Node; answers prepared bytes, and does nothing'),
];

async function start(
  way: Way,
  { databaseUrl, redisUrl }: Servers,
  products: number,
  instances: number,
): Promise<Running> {
  await using resources = new AsyncDisposableStack();
  if (!FLOORS.includes(way)) await createTables(databaseUrl, products);
  const env = { PEER_WAY: way, PEER_DATABASE_URL: databaseUrl, PEER_REDIS_URL: redisUrl };
  const started = await Promise.all(
    Array.from({ length: instances }, async () =>
      resources.use(await startProcess(PROGRAM, { NODE_ENV: 'production', ...env })),
    ),
  );
  let turn = 0;
  const owned = resources.move();
  return {
    urls: started.map(({ url }) => url),
    processes: started.map(({ child }) => child),
    order: (n) => requestBytes('POST', '/orders', {}, { productId: n + 1, quantity: 1 }),
    read: (n) => requestBytes('GET', `/products/${n + 1}`),
    stock: (n) => requestBytes('GET', `/products/${n + 1}`),
    charge() {
      turn = (turn + 1) % CUSTOMERS;
      return requestBytes('POST', `/wallets/${turn}/charges`, {}, { amount: 1 });
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function createTables(databaseUrl: string, products: number): Promise<void> {
  await withConnection(databaseUrl, async (connection) => {
    for (const table of TABLES) await connection.query(table);
    const rows = Array.from({ length: products }, (_, i) => [i + 1, UNITS, 100, 1]);
    await connection.query('INSERT INTO stocks (product_id, available, price, version) VALUES ?', [
      rows,
    ]);
    const wallets = Array.from({ length: CUSTOMERS }, (_, i) => [i, 0]);
    await connection.query('INSERT INTO wallets (user_id, balance) VALUES ?', [wallets]);
  });
}
