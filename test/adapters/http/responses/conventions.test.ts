import { expect } from 'chai';
import express from 'express';
import helmet from 'helmet';
import { embedded } from '../../../support/backends.js';
import { addProduct, orderOf } from '../../../support/shop.js';
import type { TestService } from '../../../support/test-service.js';
import { serveApp } from '../support/express-app.js';
import { exchange } from '../support/raw-http.js';
import { runningService } from '../support/running-service.js';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('the conventions of every answer', () => {
  const service = runningService(embedded, { INSTANCE_ID: 'instance-7' });

  for (const id of ['a', 'req-42', '01938f2e-8c3a-7b6e-9d1a-2f4c5e6a7b8c', 'a'.repeat(128)]) {
    it(`takes the request id ${id.slice(0, 40)} from the caller`, async () => {
      const answer = await service().anyone.get('/v1/products', { 'X-Request-Id': id });
      expect(answer.headers.get('x-request-id')).to.equal(id);
    });
  }

  for (const id of ['', ' ', 'a b', 'a'.repeat(129), '<script>', 'a;b', '"a"', 'é', '{jndi:x}']) {
    it(`makes an own request id in place of ${JSON.stringify(id.slice(0, 40))}`, async () => {
      const answer = await service().anyone.get('/v1/products', { 'X-Request-Id': id });
      expect(answer.headers.get('x-request-id')).to.match(UUID_V7);
    });
  }

  it('makes a different request id for each request', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => service().anyone.get('/healthz')));
    const ids = answers.map(({ headers }) => headers.get('x-request-id'));
    expect(new Set(ids).size).to.equal(3);
  });

  it('ignores two request ids in one request', async () => {
    const answer = await exchange(
      service().service.url,
      'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Request-Id: a\r\nX-Request-Id: b\r\n\r\n',
    );
    expect(answer.headers.get('x-request-id')).to.match(UUID_V7);
  });

  for (const path of ['/healthz', '/v1/products', '/v1/orders', '/nowhere', '/docs/', '/metrics']) {
    it(`names the instance and secures the headers on ${path}`, async () => {
      const { headers } = await service().anyone.get(path);
      expect(headers.get('x-instance')).to.equal('instance-7');
      expect(headers.get('x-content-type-options')).to.equal('nosniff');
      expect(headers.get('x-frame-options')).to.equal('SAMEORIGIN');
      expect(headers.get('content-security-policy')).to.include("default-src 'self'");
      expect(headers.get('x-powered-by')).to.equal(null);
    });
  }

  describe('behind a proxy', () => {
    const behind = runningService(embedded, { TRUSTED_PROXIES: '127.0.0.1' });
    const asked = (service: TestService, proto: string) =>
      service.anyone.get('/healthz', { 'X-Forwarded-Proto': proto });

    it('sends Strict-Transport-Security over TLS only', async () => {
      const hsts = 'strict-transport-security';
      expect((await asked(behind(), 'https')).headers.get(hsts)).to.match(/^max-age=\d+/);
      expect((await asked(behind(), 'http')).headers.get(hsts)).to.equal(null);
      expect((await asked(service(), 'https')).headers.get(hsts)).to.equal(null);
    });

    for (const proto of ['http', 'https']) {
      it(`sends over ${proto} what Helmet sets in an Express application`, async () => {
        const expected = await helmetHeaders(proto === 'https');
        expect(Object.keys(expected)).to.include('content-security-policy');
        const { headers } = await asked(behind(), proto);
        for (const [name, value] of Object.entries(expected)) {
          expect(headers.get(name), name).to.equal(value);
        }
      });
    }
  });

  it('returns ids as UUIDv7, times in UTC with milliseconds, and the location of a new resource', async () => {
    const { admin, anyone } = service();
    const user = await service().customer('alice');
    const productId = await addProduct(admin);
    const product = (await anyone.get(`/v1/products/${productId}`)).body;
    expect(product.id).to.match(UUID_V7);
    expect(product.updatedAt).to.match(INSTANT);
    const order = await user.post('/v1/orders', orderOf(productId));
    expect(order.headers.get('location')).to.equal(`/v1/orders/${order.body.id}`);
    expect(order.body.id).to.match(UUID_V7);
    expect(order.body.createdAt).to.match(INSTANT);
    expect(order.body.expiresAt).to.match(INSTANT);
    const charge = await user.post('/v1/wallets/me/charges', { amount: 1 });
    expect(charge.body.entry.id).to.match(UUID_V7);
    expect(charge.body.entry.createdAt).to.match(INSTANT);
    const created = await admin.post('/v1/products', {
      sku: 'LOC-1',
      name: 'x',
      price: 1,
      category: 'x',
      stock: 1,
    });
    expect(created.headers.get('location')).to.equal(`/v1/products/${created.body.id}`);
  });

  it('answers the product fields that the contract names, and no others', async () => {
    const { admin, anyone } = service();
    const id = await addProduct(admin, { stock: 3 });
    expect((await anyone.get(`/v1/products/${id}`)).body).to.have.all.keys(
      'id',
      'sku',
      'name',
      'price',
      'category',
      'likes',
      'version',
      'updatedAt',
    );
    expect((await anyone.get(`/v1/products/${id}/stock`)).body).to.deep.equal({
      productId: id,
      available: 3,
      held: 0,
      version: 1,
    });
  });
});

/** The headers that Helmet sets on a response, by name. */
async function helmetHeaders(isOverTls: boolean): Promise<Record<string, string>> {
  const app = express().disable('x-powered-by');
  app.use(
    helmet({
      contentSecurityPolicy: { directives: { 'upgrade-insecure-requests': null } },
      strictTransportSecurity: isOverTls,
    }),
  );
  app.use((_req, res) => {
    res.json(res.getHeaders());
  });
  await using served = await serveApp(app);
  return (await served.client.get('/')).body;
}
