import { randomUUID } from 'node:crypto';
import { readSettings } from '../../../src/config/settings/settings.js';
import { signToken } from '../../../src/config/settings/tokens/sign-token.js';
import { TemporaryFolder } from '../../../tools/servers/temporary-folder.js';
import { serviceEnv, untilCached } from '../../report/load/instances.js';
import { CUSTOMERS, type Requests, type Running, type Servers } from '../contestant.js';
import { requestBytes } from '../load/connection.js';
import { startProcess } from '../load/start-process.js';
import type { Scenario } from '../plan.js';
import { customer, prepareShop, type Shop } from './prepare-shop.js';

/** Quotas are off, because the customers order again and again and never pay. */
const NO_QUOTAS = {
  QUOTA_UNITS: '0',
  QUOTA_HOLDS: '0',
  QUOTA_UNPAID_ORDERS: '0',
  QUOTA_QUEUED_ORDERS: '0',
};

/**
 * Starts a program that answers the requests of Lockstep on its tables: Lockstep itself or a hand-written
 * floor. Both get the settings of Lockstep, and `more`.
 */
export async function startShop(
  program: string,
  { databaseUrl, redisUrl, kafkaBrokers }: Servers,
  scenario: Scenario,
  more: Readonly<Record<string, string>> = {},
): Promise<Running> {
  await using resources = new AsyncDisposableStack();
  const folder = new TemporaryFolder('bench-service');
  resources.defer(() => folder.close());
  const env = {
    ...serviceEnv(databaseUrl, redisUrl, folder.path),
    PORT: '0',
    ...(kafkaBrokers && { KAFKA_BROKERS: kafkaBrokers, KAFKA_TOPIC: `bench.${randomUUID()}` }),
    ...NO_QUOTAS,
    ...more,
  };
  const shop = await prepareShop(databaseUrl, scenario);
  const started = [];
  for (let i = 1; i <= (scenario.instances ?? 1); i += 1) {
    const own = { ...env, INSTANCE_ID: `bench-${i}` };
    started.push(resources.use(await startProcess(program, own)));
  }
  const settings = readSettings(env);
  const tokens = await Promise.all(
    Array.from({ length: CUSTOMERS }, (_, i) => signToken(settings, customer(i), 'customer')),
  );
  const urls = started.map(({ url }) => url);
  if (scenario.what === 'read') {
    for (const url of urls) await untilCached(url, `/v1/products/${shop.productIds[0]}`);
  }
  const owned = resources.move();
  return {
    urls,
    processes: started.map(({ child }) => child),
    requests: requestsOf(shop, tokens),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function requestsOf({ productIds, orderIds }: Shop, tokens: readonly string[]): Requests {
  const headers = tokens.map((token) => ({ Authorization: `Bearer ${token}` }));
  let turn = 0;
  const next = () => {
    turn = (turn + 1) % headers.length;
    return headers[turn];
  };
  const order = (n: number, more: Readonly<Record<string, string>> = {}) => {
    const items = [{ productId: productIds[n], quantity: 1 }];
    return requestBytes('POST', '/v1/orders', { ...next(), ...more }, { items });
  };
  let placed = 0;
  const ofOrder = (path: string, body?: unknown) => () => {
    const id = orderIds[placed];
    const owner = headers[placed % headers.length];
    placed += 1;
    return id ? requestBytes('POST', `/v1/orders/${id}/${path}`, owner, body) : undefined;
  };
  return {
    order,
    orderWithKey: (n) => order(n, { 'Idempotency-Key': randomUUID() }),
    queuedOrder: (n) => order(n, { Prefer: 'respond-async' }),
    read: (n) => requestBytes('GET', `/v1/products/${productIds[n]}`),
    stock: (n) => requestBytes('GET', `/v1/products/${productIds[n]}/stock`),
    charge: () => requestBytes('POST', '/v1/wallets/me/charges', next(), { amount: 1 }),
    payment: ofOrder('payments', { method: 'points' }),
    cancellation: ofOrder('cancellations'),
  };
}
