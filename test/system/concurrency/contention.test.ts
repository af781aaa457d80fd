import { expect } from 'chai';
import { ApiClient } from '../../support/api-client.js';
import { embedded, type OpenBackend, servers } from '../../support/backends.js';
import { InstanceProcess } from '../../support/instance-process.js';
import { addProduct, orderOf, readAll, tally } from '../../support/shop.js';

const deployments = [
  { backend: embedded, instances: 1 },
  { backend: servers, instances: 2 },
];

for (const { backend, instances } of deployments) {
  describe(`${instances} instance(s) on ${backend.name}, everyone at once`, () => {
    let open: OpenBackend;
    let running: InstanceProcess[];
    let admin: ApiClient;

    before(async () => {
      open = await backend.open();
      // Long, because on a slow machine nobody must be refused.
      const env = { ...open.env, LOCK_WAIT_MS: '60000', DB_ACQUIRE_MS: '60000' };
      running = await Promise.all(
        Array.from({ length: instances }, () => InstanceProcess.start(env)),
      );
      admin = await client('admin', 'admin');
    });

    after(async () => {
      for (const instance of running ?? []) await instance[Symbol.asyncDispose]();
      await open?.[Symbol.asyncDispose]();
    });

    let turn = 0;
    /** Clients use the instances in turn. */
    function client(user: string, role: 'customer' | 'admin' = 'customer'): Promise<ApiClient> {
      const instance = running[turn++ % running.length];
      if (!instance) throw new Error('nothing runs');
      return ApiClient.of(instance.url, open.env, user, role);
    }

    it('sells exactly the 50 existing units to 200 orders of 20 customers', async () => {
      const productId = await addProduct(admin, { stock: 50 });
      const customers = await Promise.all(
        Array.from({ length: 20 }, (_, i) => client(`buyer-${i}`)),
      );
      const orders = await Promise.all(
        Array.from({ length: 200 }, (_, i) =>
          (customers[i % 20] as ApiClient).post('/v1/orders', orderOf(productId)),
        ),
      );
      expect(tally(orders)).to.deep.equal({ 201: 50, 409: 150 });
      const refused = orders.filter(({ status }) => status === 409);
      expect(new Set(refused.map(({ body }) => body.code))).to.deep.equal(
        new Set(['insufficient_stock']),
      );
      const stock = await admin.get(`/v1/products/${productId}/stock`);
      expect(stock.body).to.include({ available: 0, held: 0 });
      const kept = await Promise.all(
        customers.map((c) => readAll<{ id: string }>(c, '/v1/orders')),
      );
      const accepted = orders.filter(({ status }) => status === 201).map(({ body }) => body.id);
      expect(kept.flat().map(({ id }) => id)).to.have.members(accepted);
    });

    it('keeps the balance equal to the ledger under 100 charges and 100 payments', async () => {
      const productId = await addProduct(admin, { stock: 100, price: 7 });
      const users = await Promise.all(running.map(() => client('spender')));
      const [one] = users as [ApiClient];
      await one.post('/v1/wallets/me/charges', { amount: 300 });
      const placed = await Promise.all(
        Array.from({ length: 100 }, () => one.post('/v1/orders', orderOf(productId))),
      );
      const answers = await Promise.all(
        placed.flatMap(({ body }, i) => {
          const user = users[i % users.length] as ApiClient;
          return [
            user.post('/v1/wallets/me/charges', { amount: 5 }),
            user.post(`/v1/orders/${body.id}/payments`, { method: 'points' }),
          ];
        }),
      );
      expect(answers.filter(({ status }) => status >= 500)).to.deep.equal([]);
      const entries = await readAll<{ amount: number; kind: string }>(
        one,
        '/v1/wallets/me/entries',
      );
      const wallet = await one.get('/v1/wallets/me');
      const sum = entries.reduce((total, { amount }) => total + amount, 0);
      expect(wallet.body.balance).to.equal(sum);
      expect(entries.filter(({ kind }) => kind === 'CHARGE')).to.have.length(101);
      const orders = await readAll<{ status: string }>(one, '/v1/orders');
      const paid = orders.filter(({ status }) => status === 'PAID').length;
      expect(wallet.body.balance).to.equal(300 + 500 - 7 * paid);
      expect(entries.filter(({ kind }) => kind === 'PAYMENT')).to.have.length(paid);
    });

    it('places one order for one idempotency key sent 50 times', async () => {
      const productId = await addProduct(admin, { stock: 50 });
      const users = await Promise.all(running.map(() => client('repeater')));
      const key = { 'Idempotency-Key': 'once-and-only-once' };
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          (users[i % users.length] as ApiClient).post('/v1/orders', orderOf(productId), key),
        ),
      );
      const created = answers.filter(({ status }) => status === 201);
      expect(created.length).to.be.at.least(1);
      expect(new Set(created.map(({ body }) => body.id)).size).to.equal(1);
      const others = answers.filter(({ status }) => status !== 201);
      expect(others.filter(({ body }) => body.code !== 'idempotency_in_progress')).to.deep.equal(
        [],
      );
      const stock = await admin.get(`/v1/products/${productId}/stock`);
      expect(stock.body).to.include({ available: 49, version: 2 });
    });

    it('never deadlocks on orders that name the same products in another order', async () => {
      const one = await addProduct(admin, { stock: 100 });
      const two = await addProduct(admin, { stock: 100 });
      const users = await Promise.all(running.map(() => client('mixed')));
      const answers = await Promise.all(
        Array.from({ length: 60 }, (_, i) => {
          const items = [one, two].map((productId) => ({ productId, quantity: 1 }));
          if (i % 2) items.reverse();
          return (users[i % users.length] as ApiClient).post('/v1/orders', { items });
        }),
      );
      expect(tally(answers)).to.deep.equal({ 201: 60 });
    });
  });
}
