import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { ApiClient } from '../../../support/api-client.js';
import { servers } from '../../../support/backends.js';
import { addProduct, orderOf, tally } from '../../../support/shop.js';
import { startTestService, type TestService } from '../../../support/test-service.js';
import { connect, type TestClient } from '../../lock/support/redis-clients.js';
import { RedisServer } from '../../lock/support/redis-server.js';

const HOUR_MS = 3_600_000;
const LOCKS = 'lockstep:lock:*';

describe('What clients send, in the lock keys of Redis', () => {
  let redis: RedisServer;
  let admin: TestClient;
  let service: TestService;
  before(async () => {
    redis = await RedisServer.start();
    admin = await connect(redis.url);
    // No job takes a lock here, only requests.
    service = await startTestService(servers, { REDIS_URL: redis.url, EXPIRY_SWEEP_MS: '3600000' });
  });
  after(async () => {
    await service[Symbol.asyncDispose]();
    admin.destroy();
    await redis.stop();
  });
  beforeEach(async () => {
    const names = await admin.keys(LOCKS);
    if (names.length > 0) await admin.del(names);
  });

  const unknown = (count: number) => ({
    items: Array.from({ length: count }, () => ({ productId: randomUUID(), quantity: 1 })),
  });
  const isOfRequests = (name: string) => !name.includes('{duty:');
  const left = async () => (await admin.keys(LOCKS)).filter(isOfRequests);

  it('do not exist for 200 orders of products that do not exist', async () => {
    const user = await service.customer('guesser');
    const queued = { Prefer: 'respond-async' };
    const answers = [];
    for (let i = 0; i < 100; i++) {
      answers.push(await user.post('/v1/orders', unknown(100)));
      answers.push(await user.post('/v1/orders', unknown(100), queued));
    }
    expect(tally(answers)).to.deep.equal({ 202: 100, 404: 100 });
    expect(await left()).to.deep.equal([]);
  });

  it('do not exist for a reservation of a product that does not exist', async () => {
    const user = await service.customer('guesser');
    const body = { productId: randomUUID(), quantity: 1, holdSeconds: 60 };
    expect((await user.post('/v1/reservations', body)).status).to.equal(404);
    expect(await left()).to.deep.equal([]);
  });

  it('are small, and expire within minutes, for every request with an idempotency key', async () => {
    const user = await service.customer('u'.repeat(128));
    const productId = await addProduct(service.admin, { stock: 1_000 });
    const { body } = await user.post('/v1/orders', orderOf(productId));
    const key = (i: number) => ({ 'Idempotency-Key': `${i}${'k'.repeat(250)}` });
    const sends: ((client: ApiClient, i: number) => Promise<unknown>)[] = [
      (client, i) => client.post('/v1/orders', orderOf(productId), key(i)),
      (client, i) => client.post('/v1/wallets/me/charges', { amount: 1 }, key(i)),
      (client, i) =>
        client.post(`/v1/orders/${randomUUID()}/payments`, { method: 'points' }, key(i)),
      (client, i) => client.post(`/v1/orders/${body.id}/cancellations`, undefined, key(i)),
    ];
    for (let i = 0; i < 40; i++) await sends[i % sends.length]?.(user, i);
    const names = await left();
    // One key for each idempotency key, and those of the order, the wallet, the product and 10
    // unknown orders.
    expect(names).to.have.length(40 + 3 + 10);
    for (const name of names) {
      expect(await admin.memoryUsage(name), name).to.be.below(200);
      expect(await admin.pTTL(name), name).to.be.within(1, HOUR_MS);
    }
  });
});
