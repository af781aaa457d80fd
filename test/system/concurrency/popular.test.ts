import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { eventually } from '../../../tools/servers/eventually.js';
import { inheritedEnvironment } from '../../../tools/servers/processes/inherited-environment.js';
import { startRedis } from '../../../tools/servers/redis/start-redis.js';
import { ApiClient } from '../../support/api-client.js';
import { backends, type Env, type OpenBackend, servers } from '../../support/backends.js';
import { bundled } from '../../support/bundled.js';
import { InstanceProcess } from '../../support/instance-process.js';
import { addProduct, orderOf, readAll } from '../../support/shop.js';

const BUYERS = 6;
const FAST = {
  LOCK_LEASE_MS: '500',
  POPULAR_REFRESH_MS: '100',
  OUTBOX_RELAY_MS: '50',
  OUTBOX_LEASE_MS: '1000',
};

interface OrderAnswer {
  readonly status: string;
  readonly items: readonly { readonly quantity: number }[];
}

async function rebuild(env: Env): Promise<string> {
  const file = bundled(new URL('../../../src/commands/popular.js', import.meta.url));
  const options = { env: { ...inheritedEnvironment(), ...env } };
  return (await promisify(execFile)(process.execPath, [file, 'rebuild'], options)).stdout;
}

/** Sends orders, payments and some cancellations without a pause until the instance is down. */
async function shopping(url: string, env: Env, productId: string, paid: () => void): Promise<void> {
  await Promise.all(
    Array.from({ length: BUYERS }, async (_, i) => {
      const buyer = await ApiClient.of(url, env, `b${i}`);
      const post = (path: string, body?: object) => buyer.post(path, body).catch(() => undefined);
      await post('/v1/wallets/me/charges', { amount: 1_000_000 });
      for (let n = 0; ; n++) {
        const order = await post('/v1/orders', orderOf(productId, 1 + (n % 3)));
        if (!order) return;
        if (order.status !== 201) continue;
        const path = `/v1/orders/${order.body.id}`;
        const payment = await post(`${path}/payments`, { method: 'points' });
        if (payment?.status === 201) paid();
        if (n % 4 === 0) await post(`${path}/cancellations`);
      }
    }),
  );
}

/** Units of the buyers' orders that are paid now. */
async function paidUnits(url: string, env: Env): Promise<number> {
  let units = 0;
  for (let i = 0; i < BUYERS; i++) {
    const buyer = await ApiClient.of(url, env, `b${i}`);
    const orders = await readAll<OrderAnswer>(buyer, '/v1/orders');
    const paid = orders.filter(({ status }) => status === 'PAID');
    units += paid.flatMap(({ items }) => items).reduce((sum, { quantity }) => sum + quantity, 0);
  }
  return units;
}

async function shows(url: string, window: string, units: number): Promise<void> {
  await eventually(async () => {
    const { body } = await new ApiClient(url).get(`/v1/products/popular?window=${window}`);
    expect(body.items[0]?.sold).to.equal(units);
  });
}

for (const backend of backends) {
  describe(`Popular items on ${backend.name}, whose instance is killed`, () => {
    let open: OpenBackend;

    before(async () => {
      open = await backend.open();
    });

    after(() => open?.[Symbol.asyncDispose]());

    it('count every paid unit once, however often the instance is killed, and after a rebuild too', async () => {
      const env = { ...open.env, ...FAST };
      let productId = '';
      for (let life = 0; life < 3; life++) {
        await using instance = await InstanceProcess.start(env);
        const admin = await ApiClient.of(instance.url, env, 'admin', 'admin');
        productId ||= await addProduct(admin, { stock: 1_000_000, price: 1 });
        let payments = 0;
        const load = shopping(instance.url, env, productId, () => {
          payments += 1;
        });
        // Each life is killed at another point of its work.
        await eventually(() => expect(payments).to.be.at.least(15 + 7 * life));
        await instance.end('SIGKILL');
        await load;
      }
      await using instance = await InstanceProcess.start(env);
      const units = await paidUnits(instance.url, env);
      expect(units).to.be.greaterThan(0);
      await shows(instance.url, '10m', units);
      expect(await rebuild(env)).to.match(/^(rebuilt from \d+ payments|computed the rankings)/);
      for (const window of ['10m', '1d', '7d']) await shows(instance.url, window, units);
    }).timeout(240_000);
  });
}

describe('Popular items whose Redis goes down', () => {
  it('are read from the orders meanwhile, and are correct when an empty Redis is back', async () => {
    await using open = await servers.open();
    const redis = await startRedis({ sources: ['docker', 'binary'] });
    try {
      const env = { ...open.env, ...FAST, REDIS_URL: redis.url };
      await using instance = await InstanceProcess.start(env);
      const admin = await ApiClient.of(instance.url, env, 'admin', 'admin');
      const productId = await addProduct(admin, { stock: 1_000, price: 1 });
      const buyer = await ApiClient.of(instance.url, env, 'b0');
      await buyer.post('/v1/wallets/me/charges', { amount: 1_000 });
      const buy = async () => {
        const { body } = await buyer.post('/v1/orders', orderOf(productId));
        const paid = await buyer.post(`/v1/orders/${body.id}/payments`, { method: 'points' });
        expect(paid.status).to.equal(201);
      };
      await buy();
      await shows(instance.url, '5m', 1);
      await redis.stop('abruptly');
      await buy();
      await shows(instance.url, '5m', 2);
      await redis.start('empty');
      await buy();
      await shows(instance.url, '5m', 3);
      expect(await rebuild(env)).to.match(/^rebuilt from 3 payments/);
      await shows(instance.url, '5m', 3);
    } finally {
      await redis.close();
    }
  }).timeout(240_000);
});
