import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { eventually } from '../../tools/servers/eventually.js';
import { startRedis } from '../../tools/servers/redis/start-redis.js';
import type { Server } from '../../tools/servers/server.js';
import { type Answer, ApiClient } from '../support/api-client.js';
import { type OpenBackend, servers } from '../support/backends.js';
import { InstanceProcess } from '../support/instance-process.js';
import { addProduct, orderOf, tally } from '../support/shop.js';

const UNITS = 10_000;
const EVERY_MS = 20;

describe('Two instances whose Redis goes away under load', () => {
  let open: OpenBackend;
  let redis: Server;
  let running: InstanceProcess[];
  let clients: ApiClient[];

  before(async () => {
    open = await servers.open();
    redis = await startRedis({ ways: ['docker', 'binary'] });
    const env = { ...open.env, REDIS_URL: redis.url, LOCK_LEASE_MS: '2000' };
    running = await Promise.all([InstanceProcess.start(env), InstanceProcess.start(env)]);
    clients = await Promise.all(running.map(({ url }) => ApiClient.of(url, env, 'u', 'admin')));
  });

  after(async () => {
    for (const instance of running ?? []) await instance[Symbol.asyncDispose]();
    await redis?.close();
    await open?.[Symbol.asyncDispose]();
  });

  it('go on taking orders, oversell nothing, and take up the lock again by themselves', async () => {
    const [one] = clients as [ApiClient];
    const productId = await addProduct(one, { stock: UNITS });
    const answers: Promise<Answer>[] = [];
    const load = setInterval(() => {
      const client = clients[answers.length % clients.length] as ApiClient;
      answers.push(client.post('/v1/orders', orderOf(productId)));
    }, EVERY_MS);

    await sleep(500);
    await redis.stop('abruptly');
    await eventually(async () => {
      const { status, body } = await one.get('/readyz');
      expect({ status, state: body.status }).to.deep.equal({ status: 200, state: 'degraded' });
      expect(body.dependencies).to.deep.include({ redis: { status: 'down' } });
    });
    await sleep(3_000);
    await redis.start('empty');
    await eventually(async () => {
      expect((await one.get('/readyz')).body.status).to.equal('ready');
    });
    await sleep(1_000);
    clearInterval(load);

    const counts = tally(await Promise.all(answers));
    const { 201: sold = 0, 503: refused = 0, ...other } = counts;
    expect(other, JSON.stringify(counts)).to.deep.equal({});
    expect(sold).to.be.greaterThan(answers.length / 2);
    // Whoever waited in the lock's queue at the moment it died may be refused, nobody after.
    expect(refused, JSON.stringify(counts)).to.be.lessThan(answers.length / 10);
    const stock = await one.get(`/v1/products/${productId}/stock`);
    expect(stock.body.available).to.equal(UNITS - sold);
  });
});
