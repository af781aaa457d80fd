import { expect } from 'chai';
import { ApiClient } from '../../support/api-client.js';
import { type Env, type OpenBackend, servers } from '../../support/backends.js';
import { InstanceProcess } from '../../support/instance-process.js';
import { addProduct, orderOf, tally } from '../../support/shop.js';

/*
 * The lock gives order and limits load; the database guards the data. Two instances that share a
 * database and no Redis do not exclude each other by locks, and still must not oversell.
 */
describe('Two instances that share a database and no lock', () => {
  let open: OpenBackend;
  let running: InstanceProcess[];
  let clients: ApiClient[];

  before(async () => {
    open = await servers.open();
    const { REDIS_URL: _, ...env } = open.env;
    running = await Promise.all([start(env), start(env)]);
    clients = await Promise.all(running.map(({ url }) => ApiClient.of(url, env, 'u', 'admin')));
  });

  after(async () => {
    for (const instance of running ?? []) await instance[Symbol.asyncDispose]();
    await open?.[Symbol.asyncDispose]();
  });

  function start(env: Env): Promise<InstanceProcess> {
    return InstanceProcess.start(env);
  }

  function at<T>(list: readonly T[], i: number): T {
    return list[i % list.length] as T;
  }

  it('sell no unit twice', async () => {
    const productId = await addProduct(at(clients, 0), { stock: 30 });
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => at(clients, i).post('/v1/orders', orderOf(productId))),
    );
    const { 201: sold = 0, 409: refused = 0, 503: busy = 0, ...other } = tally(answers);
    expect(other).to.deep.equal({});
    expect(sold + refused + busy).to.equal(100);
    const stock = await at(clients, 0).get(`/v1/products/${productId}/stock`);
    expect(stock.body.available).to.equal(30 - sold);
  });

  it('sell the last unit once for one idempotency key, and refuse none of its repeats', async () => {
    const productId = await addProduct(at(clients, 0), { stock: 1 });
    const key = { 'Idempotency-Key': 'shared' };
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        at(clients, i).post('/v1/orders', orderOf(productId), key),
      ),
    );
    const created = answers.filter(({ status }) => status === 201);
    expect(new Set(created.map(({ body }) => body.id)).size).to.equal(1);
    const others = answers.filter(({ status }) => status !== 201).map(({ body }) => body.code);
    expect(others.filter((code) => code !== 'idempotency_in_progress')).to.deep.equal([]);
    const stock = await at(clients, 0).get(`/v1/products/${productId}/stock`);
    expect(stock.body.available).to.equal(0);
  });
});
