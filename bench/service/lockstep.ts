import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { readSettings } from '../../src/config/settings/settings.js';
import { signToken } from '../../src/config/settings/tokens/sign-token.js';
import { projectRoot } from '../../tools/project-root.js';
import { eventually } from '../../tools/servers/eventually.js';
import { TemporaryFolder } from '../../tools/servers/temporary-folder.js';
import { requestBytes } from './connection.js';
import type { Contestant, Running, Servers } from './contestant.js';
import { type Started, startProcess } from './start-process.js';

const PROGRAM = path.join(projectRoot, 'dist', 'src', 'main.js');
const UNITS = 100_000_000;
/** As many as 1,000 requests at once have. */
const CUSTOMERS = 1_000;
/** Customers order without end and never pay. */
const NO_QUOTAS = {
  QUOTA_UNITS: '0',
  QUOTA_HOLDS: '0',
  QUOTA_UNPAID_ORDERS: '0',
  QUOTA_QUEUED_ORDERS: '0',
};

export const lockstep: Contestant = {
  id: 'Lockstep',
  kind: 'lockstep',
  settings: 'as it is: token, lock, quotas, outbox, cache; log level warn',
  start,
};

async function start(
  { databaseUrl, redisUrl }: Servers,
  products: number,
  instances: number,
): Promise<Running> {
  await using resources = new AsyncDisposableStack();
  const folder = new TemporaryFolder('bench-service');
  resources.defer(() => folder.close());
  const env = {
    NODE_ENV: 'production',
    LOG_LEVEL: 'warn',
    HOST: '127.0.0.1',
    PORT: '0',
    DATA_DIR: folder.path,
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    JWT_SECRET: randomBytes(32).toString('hex'),
    ...NO_QUOTAS,
  };
  const settings = readSettings(env);
  const started = [];
  for (let i = 1; i <= instances; i += 1) {
    const own = { ...env, INSTANCE_ID: `bench-${i}` };
    started.push(resources.use(await startProcess(PROGRAM, own)));
  }
  const token = await signToken(settings, 'bench', 'admin');
  const ids: string[] = [];
  for (let i = 0; i < products; i += 1) {
    ids.push(await addProduct(started[0]?.url ?? '', token, i));
  }
  const headers = await Promise.all(
    Array.from({ length: CUSTOMERS }, async (_, i) => ({
      Authorization: `Bearer ${await signToken(settings, `bench-${i}`, 'customer')}`,
    })),
  );
  await untilCached(started, ids);
  let turn = 0;
  const owned = resources.move();
  return {
    urls: started.map(({ url }) => url),
    processes: started.map(({ child }) => child),
    order(n) {
      turn = (turn + 1) % CUSTOMERS;
      const items = [{ productId: ids[n], quantity: 1 }];
      return requestBytes('POST', '/v1/orders', headers[turn], { items });
    },
    read: (n) => requestBytes('GET', `/v1/products/${ids[n]}`),
    stock: (n) => requestBytes('GET', `/v1/products/${ids[n]}/stock`),
    charge() {
      turn = (turn + 1) % CUSTOMERS;
      return requestBytes('POST', '/v1/wallets/me/charges', headers[turn], { amount: 1 });
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function addProduct(url: string, token: string, number: number): Promise<string> {
  const product = { sku: `BENCH-${number}`, name: 'Tea', price: 100, category: 'bench' };
  const answer = await fetch(`${url}/v1/products`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...product, stock: UNITS }),
  });
  const { id } = (await answer.json()) as { id?: string };
  if (!id) throw new Error(`the service took no product: ${answer.status}`);
  return id;
}

/** A Redis that was just emptied keeps nothing for a while: a write from before may still commit. */
async function untilCached(instances: readonly Started[], ids: readonly string[]): Promise<void> {
  for (const { url } of instances) {
    await eventually(
      async () => {
        const answer = await fetch(`${url}/v1/products/${ids[0]}`);
        await answer.arrayBuffer();
        const status = answer.headers.get('cache-status') ?? 'nothing';
        if (!status.endsWith('hit')) throw new Error(`the cache keeps nothing: ${status}`);
      },
      { withinMs: 60_000, everyMs: 100 },
    );
  }
}
