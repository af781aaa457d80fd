import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { expect } from 'chai';
import { createSandbox } from 'sinon';
import { ClientGoneError } from '../../../../src/adapters/http/responses/client-gone-error.js';
import { CreateProduct } from '../../../../src/application/catalogue/create-product.js';
import { startService } from '../../../../src/config/service.js';
import { readSettings } from '../../../../src/config/settings/settings.js';
import { LockPort } from '../../../../src/domain/ports/lock-port.js';
import { eventually } from '../../../../tools/servers/eventually.js';
import { ApiClient } from '../../../support/api-client.js';
import { backends, embedded } from '../../../support/backends.js';
import { rejection } from '../../../support/rejection.js';
import { addProduct, orderOf, readAll } from '../../../support/shop.js';
import { KeySetServer } from '../support/key-set-server.js';
import { runningService } from '../support/running-service.js';
import { secretOf, sign } from '../support/token.js';

for (const backend of backends) {
  describe(`a client that disconnects on ${backend.name}`, () => {
    const service = runningService(backend);
    const sandbox = createSandbox();
    let user: ApiClient;

    before(async () => {
      user = await service().customer('hasty');
    });

    afterEach(() => sandbox.restore());

    /** Sends an order for a locked product. Resolves when the order waits for the lock. */
    async function waitingOrder(productId: string, headers: Record<string, string> = {}) {
      const lock = service().service.container.get(LockPort);
      const lease = await lock.acquire([`stock:${productId}`]);
      const acquire = sandbox.spy(lock, 'acquire');
      const jwt = await sign(secretOf(service()), { sub: 'hasty' });
      const client = new AbortController();
      const answer = fetch(`${user.url}/v1/orders`, {
        method: 'POST',
        signal: client.signal,
        headers: {
          ...headers,
          authorization: `Bearer ${jwt}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify(orderOf(productId)),
      });
      const call = await eventually(() => {
        const own = acquire.getCalls().find(({ args }) => args[0].includes(`stock:${productId}`));
        if (!own) throw new Error('no order waits');
        return own;
      });
      return { lease, client, answer, wait: call.returnValue };
    }

    it('gets its order when it stays', async () => {
      const productId = await addProduct(service().admin);
      const { lease, answer } = await waitingOrder(productId);
      await lease.release();
      expect((await answer).status).to.equal(201);
      expect((await user.get(`/v1/products/${productId}/stock`)).body.available).to.equal(9);
    });

    it('while it waits for the lock gets no order', async () => {
      const productId = await addProduct(service().admin);
      const before = await readAll(user, '/v1/orders');
      const { lease, client, answer, wait } = await waitingOrder(productId);
      client.abort();
      await rejection(answer);
      expect(await rejection(wait)).to.be.instanceOf(ClientGoneError);
      await lease.release();
      // The next waiter is served at once.
      expect((await user.post('/v1/orders', orderOf(productId))).status).to.equal(201);
      expect((await user.get(`/v1/products/${productId}/stock`)).body.available).to.equal(9);
      expect(await readAll(user, '/v1/orders')).to.have.length(before.length + 1);
    });

    it('may send its order again with the same key', async () => {
      const productId = await addProduct(service().admin);
      const key = { 'Idempotency-Key': `hang-up-${productId}` };
      const { lease, client, answer, wait } = await waitingOrder(productId, key);
      client.abort();
      await rejection(answer);
      await rejection(wait);
      await lease.release();
      const again = await eventually(async () => {
        const retried = await user.post('/v1/orders', orderOf(productId), key);
        expect(retried.status, JSON.stringify(retried.body)).to.equal(201);
        return retried;
      });
      expect(again.headers.get('idempotency-replayed')).to.equal(null);
      expect((await user.get(`/v1/products/${productId}/stock`)).body.available).to.equal(9);
    });
  });
}

describe('a client that disconnects while its token is checked', () => {
  it('gets no order', async () => {
    await using keySet = await KeySetServer.start();
    await using backend = await embedded.open();
    const meant = { JWT_ISSUER: 'https://idp.example', JWT_AUDIENCE: 'shop' };
    const env = { ...backend.env, ...meant, JWT_JWKS_URL: keySet.url };
    const service = await startService(readSettings(env));
    await using _ = { [Symbol.asyncDispose]: () => service.stop() };
    const { id } = await service.container
      .get(CreateProduct)
      .execute({ sku: 'A', name: 'A', price: 1, category: 'A', stock: 10 });
    const give = keySet.answer;
    const asked = Promise.withResolvers<() => void>();
    keySet.answer = (req, res) => asked.resolve(() => give(req, res));
    const header = { alg: 'RS256', kid: 'RS256' };
    const jwt = await sign(
      keySet.privateKey('RS256'),
      { sub: 'gone', iss: meant.JWT_ISSUER, aud: meant.JWT_AUDIENCE },
      header,
    );
    const headers = { authorization: `Bearer ${jwt}`, 'content-type': 'application/json' };
    const order = { method: 'POST', headers, body: JSON.stringify(orderOf(id)) };

    const arrival = nextConnection(service.url);
    const client = new AbortController();
    const answer = fetch(`${service.url}/v1/orders`, { ...order, signal: client.signal });
    const left = once(await arrival, 'close');
    const giveKeys = await asked.promise;
    client.abort();
    await rejection(answer);
    await left;
    giveKeys();
    // It waits for the same keys, behind the first order.
    const later = await fetch(`${service.url}/v1/orders`, order);
    expect(later.status).to.equal(201);
    const stock = await new ApiClient(service.url).get(`/v1/products/${id}/stock`);
    expect(stock.body.available).to.equal(9);
  });
});

/** The server's socket of the next connection on which a request arrives. */
function nextConnection(url: string): Promise<Socket> {
  const channel = 'http.server.request.start';
  return new Promise((resolve) => {
    const see = (message: unknown) => {
      const { request } = message as { request: IncomingMessage };
      if (request.headers.host !== new URL(url).host) return;
      unsubscribe(channel, see);
      resolve(request.socket);
    };
    subscribe(channel, see);
  });
}
