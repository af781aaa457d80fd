import { expect } from 'chai';
import { backends } from '../../../support/backends.js';
import { addProduct, orderOf } from '../../../support/shop.js';
import { expectProblem } from '../support/problem.js';
import { runningService } from '../support/running-service.js';

for (const backend of backends) {
  describe(`preconditions on ${backend.name}`, () => {
    const service = runningService(backend);

    async function product() {
      const { admin, anyone } = service();
      const path = `/v1/products/${await addProduct(admin)}`;
      const tag = (await anyone.get(path)).headers.get('etag') ?? '';
      return { path, tag };
    }

    it('refuse to change a product that If-None-Match names', async () => {
      const { path, tag } = await product();
      const { admin } = service();
      for (const condition of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
        const answer = await admin.patch(path, { price: 7 }, { 'If-None-Match': condition });
        expectProblem(answer, 412, 'precondition_failed');
      }
      expect((await admin.get(path)).body.version).to.equal(1);
      const other = await admin.patch(path, { price: 7 }, { 'If-None-Match': '"other"' });
      expect(other.status).to.equal(200);
      const stale = await admin.patch(path, { price: 8 }, { 'If-None-Match': tag });
      expect(stale.status).to.equal(200);
    });

    it('must both hold when both are sent', async () => {
      const { path, tag } = await product();
      const { admin } = service();
      for (const headers of [
        { 'If-Match': tag, 'If-None-Match': tag },
        { 'If-Match': '"other"', 'If-None-Match': '"other"' },
      ]) {
        expectProblem(await admin.patch(path, { price: 7 }, headers), 412, 'precondition_failed');
      }
      const headers = { 'If-Match': tag, 'If-None-Match': '"other"' };
      expect((await admin.patch(path, { price: 7 }, headers)).status).to.equal(200);
    });

    it('are not evaluated for a product that does not exist', async () => {
      const path = '/v1/products/01938f2e-8c3a-7b6e-9d1a-2f4c5e6a7b8c';
      for (const headers of [{ 'If-None-Match': '*' }, { 'If-Match': '*' }]) {
        const answer = await service().admin.patch(path, { price: 7 }, headers as never);
        expectProblem(answer, 404, 'product_not_found');
      }
    });

    it('hold for every read, If-Match before If-None-Match', async () => {
      const { admin } = service();
      const { path } = await product();
      const order = await admin.post('/v1/orders', orderOf(path.split('/').at(-1) ?? ''));
      for (const read of [
        path,
        '/v1/products?limit=1',
        `${path}/stock`,
        '/v1/products/popular?window=1d',
        '/v1/wallets/me',
        '/v1/orders',
        `/v1/orders/${order.body.id}`,
        '/healthz',
        '/openapi.json',
      ]) {
        const tag = (await admin.get(read)).headers.get('etag') ?? '';
        expect(tag, read).to.match(/^"/);
        for (const condition of [tag, `"other", ${tag}`, '*']) {
          const answer = await admin.get(read, { 'If-Match': condition });
          expect(answer.status, `${read} ${condition}`).to.equal(200);
        }
        for (const condition of ['"other"', `W/${tag}`, 'x']) {
          const answer = await admin.get(read, { 'If-Match': condition, 'If-None-Match': tag });
          expectProblem(answer, 412, 'precondition_failed');
        }
        const both = await admin.get(read, { 'If-Match': tag, 'If-None-Match': tag });
        expect(both.status, read).to.equal(304);
        const head = await admin.send('HEAD', read, undefined, { 'If-Match': '"other"' });
        expect(head.status, read).to.equal(412);
      }
    });

    it('on dates have no effect, because a resource has no Last-Modified', async () => {
      const { path } = await product();
      const { admin } = service();
      const long = 'Mon, 01 Jan 2001 00:00:00 GMT';
      const change = await admin.patch(path, { price: 7 }, { 'If-Unmodified-Since': long });
      expect(change.status).to.equal(200);
      const read = await admin.get(path, { 'If-Modified-Since': 'Fri, 01 Jan 2100 00:00:00 GMT' });
      expect(read.status).to.equal(200);
    });

    it('are refused, not ignored, on a write that does not support conditions', async () => {
      const { admin } = service();
      const { path } = await product();
      const id = path.split('/').at(-1) ?? '';
      for (const headers of [{ 'If-Match': '"1"' }, { 'If-None-Match': '*' }]) {
        const answer = await admin.send('POST', '/v1/orders', orderOf(id), headers as never);
        expectProblem(answer, 412, 'precondition_failed');
        const like = await admin.send('PUT', `${path}/likes/me`, undefined, headers as never);
        expectProblem(like, 412, 'precondition_failed');
      }
      expect((await admin.get(`${path}/stock`)).body.available).to.equal(10);
    });
  });
}
