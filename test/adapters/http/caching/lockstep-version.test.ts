import { expect } from 'chai';
import sinon from 'sinon';
import { CachePort } from '../../../../src/domain/ports/cache-port.js';
import { DependencyUnavailableError } from '../../../../src/domain/ports/failures.js';
import type { ApiResponse } from '../../../support/api-client.js';
import { backends, servers } from '../../../support/backends.js';
import { addProduct, orderOf } from '../../../support/shop.js';
import { HIT } from '../support/cache-headers.js';
import { cachingService } from '../support/caching-service.js';
import { expectProblem, refusedPaths } from '../support/problem.js';

for (const backend of backends) {
  describe(`the numbers of invalidations on ${backend.name}`, () => {
    const service = cachingService(backend);
    const cache = () => service().service.container.get(CachePort);
    let serial = 0;

    afterEach(() => sinon.restore());

    function newProduct(): object {
      serial += 1;
      return { sku: `V-${Date.now()}-${serial}`, name: 'x', price: 1, category: 'x', stock: 1 };
    }

    const numberOf = ({ headers }: ApiResponse) =>
      Number(headers.get('lockstep-version') ?? Number.NaN);

    it('are returned by changes of products, each higher than the last', async () => {
      const { admin } = service();
      const created = await admin.post('/v1/products', newProduct());
      const path = `/v1/products/${created.body.id}`;
      let last = numberOf(created);
      expect(last).to.satisfy(Number.isSafeInteger);
      for (let price = 1; price <= 5; price++) {
        const number = numberOf(await admin.patch(path, { price }));
        expect(number).to.be.above(last);
        last = number;
      }
      expect(await cache().latest()).to.be.at.least(last);
    });

    it('come from the write itself, without another request to the cache', async () => {
      const { admin } = service();
      const latest = sinon.spy(cache(), 'latest');
      const { body } = await admin.post('/v1/products', newProduct());
      expect(numberOf(await admin.patch(`/v1/products/${body.id}`, { price: 2 }))).to.be.above(0);
      expect(latest.callCount).to.equal(0);
    });

    it('make a later read at least that fresh', async () => {
      const { admin, anyone } = service();
      const id = await addProduct(admin, { category: 'fresh' });
      const reads = sinon.spy(cache(), 'read');
      for (let price = 1; price <= 10; price++) {
        const version = numberOf(await admin.patch(`/v1/products/${id}`, { price }));
        const headers = { 'Lockstep-At-Least': `${version}` };
        const read = await anyone.get(`/v1/products/${id}`, headers);
        expect(read.body.price).to.equal(price);
        expect(reads.lastCall.args[0].atLeast).to.equal(version);
        const page = await anyone.get('/v1/products?category=fresh', headers);
        expect(page.body.items[0].price).to.equal(price);
        expect(reads.lastCall.args[0].atLeast).to.equal(version);
      }
    });

    it('are refused when no write has returned them', async () => {
      const { admin, anyone } = service();
      const path = `/v1/products/${await addProduct(admin)}`;
      const hourUs = 3_600_000_000;
      for (const asked of [path, '/v1/products']) {
        await anyone.get(asked);
        expect((await anyone.get(asked)).headers.get('cache-status')).to.match(HIT);
        const latest = await cache().latest();
        // Without Redis, another process may have answered with any number that is a past time.
        const next = backend === servers ? latest + 1 : latest + hourUs;
        for (const number of [next, latest + hourUs, Number.MAX_SAFE_INTEGER]) {
          const answer = await anyone.get(asked, { 'Lockstep-At-Least': `${number}` });
          expectProblem(answer, 400, 'validation_failed');
          expect(refusedPaths(answer)).to.deep.equal(['Lockstep-At-Least']);
        }
        expect((await anyone.get(asked)).headers.get('cache-status')).to.match(HIT);
      }
    });

    it('are accepted while the cache does not know which were returned', async () => {
      const { admin, anyone } = service();
      const path = `/v1/products/${await addProduct(admin)}`;
      sinon.stub(cache(), 'mayExist').resolves(true);
      const future = { 'Lockstep-At-Least': `${(await cache().latest()) + 3_600_000_000}` };
      await anyone.get(path);
      const answer = await anyone.get(path, future);
      expect(answer.status).to.equal(200);
      expect(answer.headers.get('cache-status')).to.not.equal('lockstep-l1; hit');
    });

    for (const value of ['-1', '+1', '1.5', '1e3', 'x', '0x1', '1, 2', '9007199254740992', '']) {
      it(`are not ${JSON.stringify(value)}`, async () => {
        const { admin, anyone } = service();
        for (const path of ['/v1/products', `/v1/products/${await addProduct(admin)}`]) {
          const answer = await anyone.get(path, { 'Lockstep-At-Least': value });
          expectProblem(answer, 400, 'validation_failed');
          expect(refusedPaths(answer)).to.deep.equal(['Lockstep-At-Least']);
        }
      });
    }

    for (const value of ['0', '007', '1']) {
      it(`may be ${value}`, async () => {
        const answer = await service().anyone.get('/v1/products', { 'Lockstep-At-Least': value });
        expect(answer.status).to.equal(200);
      });
    }

    it('have no effect on a read that is not cached', async () => {
      const { admin, anyone } = service();
      const id = await addProduct(admin);
      const headers = { 'Lockstep-At-Least': 'x' };
      expect((await anyone.get(`/v1/products/${id}/stock`, headers)).status).to.equal(200);
      for (const answer of [
        await admin.post(`/v1/products/${id}/restocks`, { quantity: 1 }),
        await admin.post('/v1/orders', orderOf(id)),
        await anyone.get(`/v1/products/${id}`),
        await admin.patch(`/v1/products/${id}`, {}),
        await admin.post('/v1/products', { ...newProduct(), sku: '' }),
      ]) {
        expect(answer.headers.get('lockstep-version')).to.equal(null);
      }
    });

    it('are returned to a repeat too, and are not lower than the first number', async () => {
      const { admin } = service();
      const product = newProduct();
      const send = () => admin.post('/v1/products', product, { 'Idempotency-Key': 'versioned' });
      const first = await send();
      await addProduct(admin);
      const again = await send();
      expect(again.headers.get('idempotency-replayed')).to.equal('true');
      expect(numberOf(again)).to.be.at.least(numberOf(first));
    });

    it('are missing in a repeat while the cache cannot be reached', async () => {
      const { admin } = service();
      const product = newProduct();
      const send = () => admin.post('/v1/products', product, { 'Idempotency-Key': 'unknown' });
      const first = await send();
      sinon
        .stub(cache(), 'latest')
        .rejects(new DependencyUnavailableError('redis', new Error('gone')));
      const again = await send();
      expect({ status: again.status, body: again.body }).to.deep.equal({
        status: 201,
        body: first.body,
      });
      expect(again.headers.get('lockstep-version')).to.equal(null);
    });

    it('are not returned to a repeat of a refusal', async () => {
      const { admin } = service();
      const product = newProduct();
      await admin.post('/v1/products', product);
      const send = () => admin.post('/v1/products', product, { 'Idempotency-Key': 'refused' });
      for (const answer of [await send(), await send()]) {
        expectProblem(answer, 409, 'sku_taken');
        expect(answer.headers.get('lockstep-version')).to.equal(null);
      }
    });

    it('are missing while the cache is down: changes are refused, orders continue', async () => {
      const { admin, anyone } = service();
      const id = await addProduct(admin);
      const before = await anyone.get(`/v1/products/${id}`);
      const down = new DependencyUnavailableError('redis', new Error('gone'));
      sinon.stub(cache(), 'beginWrite').rejects(down);
      const product = newProduct();
      for (const answer of [
        await admin.patch(`/v1/products/${id}`, { price: 77 }),
        await admin.post('/v1/products', product),
      ]) {
        expectProblem(answer, 503, 'dependency_unavailable');
        expect(answer.body.dependency).to.equal('redis');
        expect(answer.headers.get('retry-after')).to.match(/^\d+$/);
        expect(answer.headers.get('lockstep-version')).to.equal(null);
      }
      expect((await admin.post('/v1/orders', orderOf(id))).status).to.equal(201);
      expect((await anyone.get(`/v1/products/${id}`)).body).to.deep.equal(before.body);
      sinon.restore();
      expect((await admin.post('/v1/products', product)).status).to.equal(201);
    });
  });
}
