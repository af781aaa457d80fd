import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { eventually } from '../../../../tools/servers/eventually.js';
import type { DatabaseServer } from '../../../../tools/servers/mysql/database-server.js';
import { startMysql } from '../../../../tools/servers/mysql/start-mysql.js';
import type { ApiClient, ApiResponse } from '../../../support/api-client.js';
import { embedded } from '../../../support/backends.js';
import { rejection } from '../../../support/rejection.js';
import { addProduct, orderOf, readAll } from '../../../support/shop.js';
import { startTestService, type TestService } from '../../../support/test-service.js';
import { expectProblem } from '../support/problem.js';

/** Longest time in which a client must get an answer, in milliseconds. */
const WAIT_TIMEOUT_MS = 30_000;

async function nobodyAnswers(): Promise<never> {
  await sleep(WAIT_TIMEOUT_MS, undefined, { ref: false });
  throw new Error('requests are left without an answer');
}

describe('a service whose database goes down', function () {
  this.timeout(240_000);
  let database: DatabaseServer;
  let service: TestService;
  let user: ApiClient;
  let productId: string;

  before(async () => {
    database = await startMysql({ ways: ['docker', 'binary'] });
    service = await startTestService(embedded, {
      DATABASE_URL: await database.createDatabase(),
      DB_QUERY_MS: '2000',
    });
    user = await service.customer('alice');
    productId = await addProduct(service.admin, { stock: 100_000 });
    await user.post('/v1/wallets/me/charges', { amount: 1000 });
  });

  after(async () => {
    await service?.[Symbol.asyncDispose]();
    await database?.close();
  });

  function expectOutage(answer: ApiResponse): void {
    expectProblem(answer, 503, 'dependency_unavailable');
    expect(answer.body.dependency).to.equal('database');
    expect(answer.headers.get('retry-after')).to.match(/^\d+$/);
  }

  async function recovered(): Promise<void> {
    await eventually(
      async () => {
        const answer = await service.anyone.get('/readyz');
        expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
        expect((await user.get('/v1/wallets/me')).status).to.equal(200);
      },
      { withinMs: 60_000 },
    );
  }

  for (const how of [undefined, 'abruptly'] as const) {
    const stopped = `stopped ${how ?? 'cleanly'}`;

    it(`names the database on every route while it is ${stopped}, and recovers by itself`, async () => {
      const order = await user.post('/v1/orders', orderOf(productId));
      const { id } = order.body;
      await database.stop(how);
      // Two rounds, because in the first one dead connections may still be found.
      for (let round = 0; round < 2; round++) {
        const answers = await Promise.all([
          user.get('/v1/products'),
          user.get(`/v1/products/${productId}`),
          user.get(`/v1/products/${productId}/stock`),
          user.get('/v1/wallets/me'),
          user.get('/v1/wallets/me/entries'),
          user.get('/v1/orders'),
          user.get(`/v1/orders/${id}`),
          user.post('/v1/orders', orderOf(productId)),
          user.post('/v1/orders', orderOf(productId), { 'Idempotency-Key': `down-${how}` }),
          user.post('/v1/wallets/me/charges', { amount: 1 }),
          user.post(`/v1/orders/${id}/payments`, { method: 'points' }),
          user.post(`/v1/orders/${id}/cancellations`),
          service.admin.patch(`/v1/products/${productId}`, { name: 'x' }),
          service.admin.post(`/v1/products/${productId}/restocks`, { quantity: 1 }),
        ]);
        // A request may wait for the lock of the wallet behind a request that waits for the
        // database. It gets 503 as busy.
        for (const answer of answers) {
          if (answer.body.code === 'resource_busy') expectProblem(answer, 503, 'resource_busy');
          else expectOutage(answer);
        }
        expect(answers.some(({ body }) => body.code === 'dependency_unavailable')).to.equal(true);
      }
      const ready = await service.anyone.get('/readyz');
      expect(ready.status).to.equal(503);
      expect(ready.body.dependencies).to.deep.equal({ database: { status: 'down' } });
      expect((await service.anyone.get('/healthz')).status).to.equal(200);
      expectProblem(await user.post('/v1/orders', {}), 400, 'validation_failed');
      await database.start();
      await recovered();
      const key = { 'Idempotency-Key': `down-${how}` };
      const again = await user.post('/v1/orders', orderOf(productId), key);
      expect(again.status).to.equal(201);
      expect((await user.get(`/v1/orders/${id}`)).body).to.deep.equal(order.body);
    });

    it(`loses nothing that it acknowledged when its database is ${stopped} under load`, async () => {
      const acknowledged: string[] = [];
      const others: ApiResponse[] = [];
      let stop = false;
      const work = async (name: string) => {
        const buyer = await service.customer(name);
        while (!stop) {
          const answer = await buyer.post('/v1/orders', orderOf(productId));
          if (answer.status === 201) acknowledged.push(answer.body.id);
          else others.push(answer);
        }
      };
      const names = Array.from({ length: 8 }, (_, i) => `load-${how}-${i}`);
      const before = (await user.get(`/v1/products/${productId}/stock`)).body.available;
      const working = Promise.all(names.map(work));
      await eventually(() => expect(acknowledged.length).to.be.above(20), { withinMs: 60_000 });
      await database.stop(how);
      await eventually(() => expect(others.length).to.be.above(20), { withinMs: 60_000 });
      await database.start();
      const reached = acknowledged.length;
      await eventually(() => expect(acknowledged.length).to.be.above(reached + 20), {
        withinMs: 60_000,
      });
      stop = true;
      await working;
      for (const answer of others) {
        expect(answer.status, JSON.stringify(answer.body)).to.equal(503);
        expect(answer.body.code).to.be.oneOf(['dependency_unavailable', 'resource_busy']);
      }
      const buyers = await Promise.all(names.map((name) => service.customer(name)));
      const kept = await Promise.all(
        buyers.map((buyer) => readAll<{ id: string }>(buyer, '/v1/orders')),
      );
      const ids = kept.flat().map(({ id }) => id);
      expect(ids).to.include.members(acknowledged);
      const stock = await user.get(`/v1/products/${productId}/stock`);
      expect(before - stock.body.available).to.equal(ids.length);
    });
  }

  it('names the database while its server is up but does not answer', async () => {
    await database.pause();
    try {
      // More requests than connections in the pool, so that some wait for a connection.
      const users = await Promise.all(
        Array.from({ length: 15 }, (_, i) => service.customer(`frozen-${i}`)),
      );
      const asked = users.map((each) => [
        each.get(`/v1/products/${productId}`),
        each.post('/v1/wallets/me/charges', { amount: 1 }),
      ]);
      const answers = await Promise.race([Promise.all(asked.flat()), nobodyAnswers()]);
      // A request may wait for the lock of the wallet behind a request that waits for the database.
      // It gets 503 as busy.
      for (const answer of answers) {
        if (answer.body.code === 'resource_busy') expectProblem(answer, 503, 'resource_busy');
        else expectOutage(answer);
      }
      expect(answers.some(({ body }) => body.code === 'dependency_unavailable')).to.equal(true);
    } finally {
      await database.resume();
    }
    await recovered();
  });

  it('does not start without its database, and reports the reason', async () => {
    const url = new URL(database.url);
    url.port = '1';
    const failure = await rejection(
      startTestService(embedded, { DATABASE_URL: url.href, STARTUP_WAIT_MS: '1' }),
    );
    expect(failure).to.be.instanceOf(Error);
    expect(String(failure)).to.include('database');
    expect(String(failure)).to.not.include(url.password);
  });
});
