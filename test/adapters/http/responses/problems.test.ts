import { expect } from 'chai';
import { embedded } from '../../../support/backends.js';
import { addProduct } from '../../../support/shop.js';
import { expectProblem, refusedPaths } from '../support/problem.js';
import { runningService } from '../support/running-service.js';

const NOBODY = '01938f2e-8c3a-7b6e-9d1a-2f4c5e6a7b8c';

describe('addresses, methods and refusals', () => {
  const service = runningService(embedded);

  for (const path of [
    '/v1',
    '/v2/products',
    '/v1/product',
    '/v1/products/',
    '/v1/Products',
    '/v1/orders/x/y/z',
    '/healthz/x',
    '/docs/nothing-here.js',
    '/docs/../../package.json',
    '/docs/..%2f..%2fpackage.json',
  ]) {
    it(`answers 404 to GET ${path}, which is not a route`, async () => {
      expectProblem(await service().anyone.get(path), 404, 'not_found');
    });
  }

  for (const id of ['1', 'abc', 'null', NOBODY.slice(1), `${NOBODY}0`, '%20', "'%20OR%201=1--"]) {
    it(`answers 404 to ${id} in place of an id`, async () => {
      const { anyone, admin } = service();
      const change = { name: 'Other' };
      expectProblem(await anyone.get(`/v1/products/${id}`), 404, 'product_not_found');
      expectProblem(await anyone.get(`/v1/products/${id}/stock`), 404, 'product_not_found');
      expectProblem(await admin.patch(`/v1/products/${id}`, change), 404, 'product_not_found');
      expectProblem(
        await admin.post(`/v1/products/${id}/restocks`, { quantity: 1 }),
        404,
        'product_not_found',
      );
      expectProblem(await admin.get(`/v1/orders/${id}`), 404, 'order_not_found');
      expectProblem(
        await admin.post(`/v1/orders/${id}/payments`, { method: 'points' }),
        404,
        'order_not_found',
      );
      expectProblem(await admin.post(`/v1/orders/${id}/cancellations`), 404, 'order_not_found');
    });
  }

  it('answers 404 to a UUID that names nothing', async () => {
    const { anyone, admin } = service();
    expectProblem(await anyone.get(`/v1/products/${NOBODY}`), 404, 'product_not_found');
    expectProblem(await anyone.get(`/v1/products/${NOBODY}/stock`), 404, 'product_not_found');
    expectProblem(await admin.get(`/v1/orders/${NOBODY}`), 404, 'order_not_found');
    expectProblem(await admin.post(`/v1/orders/${NOBODY}/cancellations`), 404, 'order_not_found');
  });

  it('finds a product by its id in upper case too', async () => {
    const id = await addProduct(service().admin);
    const answer = await service().anyone.get(`/v1/products/${id.toUpperCase()}`);
    expect(answer.body.id).to.equal(id);
  });

  const methods: [path: string, wrong: string, allowed: string[]][] = [
    ['/v1/products', 'DELETE', ['GET', 'POST', 'HEAD', 'OPTIONS']],
    [`/v1/products/${NOBODY}`, 'PUT', ['GET', 'PATCH', 'HEAD', 'OPTIONS']],
    [`/v1/products/${NOBODY}/stock`, 'POST', ['GET', 'HEAD', 'OPTIONS']],
    [`/v1/products/${NOBODY}/restocks`, 'GET', ['POST', 'OPTIONS']],
    // With another word in its place, each of these paths names a product or a user.
    ...['PATCH', 'POST', 'PUT', 'DELETE'].flatMap((method): typeof methods => [
      ['/v1/products/popular', method, ['GET', 'HEAD', 'OPTIONS']],
      ['/v1/wallets/me', method, ['GET', 'HEAD', 'OPTIONS']],
    ]),
    ['/v1/wallets/me/charges', 'GET', ['POST', 'OPTIONS']],
    ['/v1/wallets/me/entries', 'DELETE', ['GET', 'HEAD', 'OPTIONS']],
    ['/v1/wallets/alice', 'PATCH', ['GET', 'HEAD', 'OPTIONS']],
    ['/v1/orders', 'PUT', ['GET', 'POST', 'HEAD', 'OPTIONS']],
    [`/v1/orders/${NOBODY}`, 'DELETE', ['GET', 'HEAD', 'OPTIONS']],
    [`/v1/orders/${NOBODY}/payments`, 'GET', ['POST', 'OPTIONS']],
    [`/v1/orders/${NOBODY}/cancellations`, 'PATCH', ['POST', 'OPTIONS']],
    ['/healthz', 'POST', ['GET', 'HEAD', 'OPTIONS']],
    ['/readyz', 'DELETE', ['GET', 'HEAD', 'OPTIONS']],
    ['/metrics', 'POST', ['GET', 'HEAD', 'OPTIONS']],
    ['/openapi.json', 'PUT', ['GET', 'HEAD', 'OPTIONS']],
    ['/events.schema.json', 'PUT', ['GET', 'HEAD', 'OPTIONS']],
    ['/docs/', 'POST', ['GET', 'HEAD', 'OPTIONS']],
  ];
  for (const [path, wrong, allowed] of methods) {
    it(`answers 405 to ${wrong} ${path} and says what is allowed`, async () => {
      const answer = await service().anyone.send(wrong, path);
      expectProblem(answer, 405, 'method_not_allowed');
      expect(answer.headers.get('allow')?.split(', ')).to.have.members(allowed);
    });
  }

  it('answers OPTIONS of a path that has the form of another with its own methods', async () => {
    const answer = await service().anyone.send('OPTIONS', '/v1/products/popular');
    expect(answer.headers.get('allow')).to.equal('GET, HEAD, OPTIONS');
  });

  it('answers OPTIONS with the methods of the path', async () => {
    const answer = await service().anyone.send('OPTIONS', '/v1/orders');
    expect(answer.status).to.equal(204);
    expect(answer.headers.get('allow')?.split(', ')).to.have.members([
      'GET',
      'POST',
      'HEAD',
      'OPTIONS',
    ]);
  });

  it('responds to HEAD as to GET, without the body', async () => {
    const path = `/v1/products/${await addProduct(service().admin)}`;
    const get = await fetch(service().service.url + path);
    const head = await fetch(service().service.url + path, { method: 'HEAD' });
    expect(head.status).to.equal(200);
    expect(await head.text()).to.equal('');
    for (const name of ['etag', 'content-length', 'content-type']) {
      expect(head.headers.get(name), name).to.equal(get.headers.get(name));
    }
    const refused = await fetch(`${service().service.url}/v1/orders`, { method: 'HEAD' });
    expect(refused.status).to.equal(401);
  });

  for (const path of ['/v1/products/%', '/v1/products/%zz', '/v1/wallets/%ff', '/%c0%ae']) {
    it(`answers 4xx to the bad percent-encoding in ${path}`, async () => {
      const answer = await service().admin.get(path);
      expect(answer.status).to.be.oneOf([400, 404]);
      expectProblem(
        answer,
        answer.status,
        answer.status === 400 ? 'malformed_request' : 'not_found',
      );
    });
  }

  it('names the field that is wrong by its path', async () => {
    const { admin } = service();
    const body = { items: [{ productId: 'x', quantity: 0, colour: 'red' }], note: 'fast' };
    const answer = await admin.post('/v1/orders', body);
    expectProblem(answer, 400, 'validation_failed');
    expect(refusedPaths(answer)).to.have.members([
      'items.0.productId',
      'items.0.quantity',
      'items.0.colour',
      'note',
    ]);
  });

  it('refuses a query parameter that the route does not know', async () => {
    const { anyone, admin } = service();
    const id = await addProduct(admin);
    for (const path of [
      '/v1/products?limt=5',
      '/v1/products?limit=5&Category=tea',
      '/v1/products?__proto__=1',
      '/v1/products?constructor=1',
      '/v1/products?limit[gt]=5',
      `/v1/products/${id}?expand=stock`,
      `/v1/products/${id}/stock?x`,
    ]) {
      expectProblem(await anyone.get(path), 400, 'validation_failed');
    }
    for (const path of ['/v1/wallets/me?x=1', '/v1/orders?status=PAID', '/v1/wallets/alice?x=1']) {
      expectProblem(await admin.get(path), 400, 'validation_failed');
    }
    const charge = await admin.post('/v1/wallets/me/charges?twice=1', { amount: 1 });
    expectProblem(charge, 400, 'validation_failed');
  });

  it('refuses a query parameter that is given twice', async () => {
    for (const path of [
      '/v1/products?limit=1&limit=2',
      '/v1/products?category=tea&category=books',
      '/v1/products?cursor=a&cursor=b',
    ]) {
      expectProblem(await service().anyone.get(path), 400, 'validation_failed');
    }
  });
});
