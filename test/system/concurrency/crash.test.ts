import { expect } from 'chai';
import { eventually } from '../../../tools/servers/eventually.js';
import { ApiClient } from '../../support/api-client.js';
import { backends, type Env, type OpenBackend } from '../../support/backends.js';
import { InstanceProcess } from '../../support/instance-process.js';
import { addProduct, orderOf, readAll } from '../../support/shop.js';

const UNITS = 100_000;
const CUSTOMERS = 8;

interface OrderAnswer {
  readonly id: string;
  readonly status: string;
  readonly items: readonly { readonly quantity: number }[];
}

for (const backend of backends) {
  describe(`An instance on ${backend.name} that is killed under load`, () => {
    let open: OpenBackend;
    let env: Env;

    before(async () => {
      open = await backend.open();
      // Short, so that the next instance does not wait long for the lease of the killed one.
      env = { ...open.env, LOCK_LEASE_MS: '1000' };
    });

    after(() => open?.[Symbol.asyncDispose]());

    it('loses no acknowledged order and no unit, however often it is killed', async () => {
      let productId: string | undefined;
      const acknowledged: string[] = [];
      for (let life = 0; life < 3; life++) {
        await using instance = await InstanceProcess.start(env);
        const admin = await ApiClient.of(instance.url, env, 'admin', 'admin');
        productId ??= await addProduct(admin, { stock: UNITS });
        const load = buyers(instance.url, env, productId, acknowledged);
        // Each life is killed at another point of its work.
        const enough = acknowledged.length + 20 + 7 * life;
        await eventually(() => expect(acknowledged.length).to.be.at.least(enough));
        await instance.end('SIGKILL');
        await load;
      }
      expect(acknowledged.length).to.be.greaterThan(0);

      await using instance = await InstanceProcess.start(env);
      const orders: OrderAnswer[] = [];
      for (let i = 0; i < CUSTOMERS; i++) {
        const customer = await ApiClient.of(instance.url, env, `c${i}`);
        orders.push(...(await readAll<OrderAnswer>(customer, '/v1/orders')));
      }
      expect(orders.map(({ id }) => id)).to.include.members(acknowledged);
      const sold = orders.flatMap(({ items }) => items).reduce((n, item) => n + item.quantity, 0);
      const stock = await new ApiClient(instance.url).get(`/v1/products/${productId}/stock`);
      expect(stock.body.available + stock.body.held + sold).to.equal(UNITS);
    });
  });
}

/** Sends orders without a pause until the instance is down. Records the acknowledged ones. */
async function buyers(
  url: string,
  env: Env,
  productId: string,
  acknowledged: string[],
): Promise<void> {
  await Promise.all(
    Array.from({ length: CUSTOMERS }, async (_, i) => {
      const customer = await ApiClient.of(url, env, `c${i}`);
      for (;;) {
        const answer = await customer.post('/v1/orders', orderOf(productId)).catch(() => undefined);
        if (!answer) return;
        if (answer.status === 201) acknowledged.push(answer.body.id);
      }
    }),
  );
}
