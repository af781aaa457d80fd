import { expect } from 'chai';
import { v7 } from 'uuid';
import { backends } from '../../../support/backends.js';
import { addProduct } from '../../../support/shop.js';
import { FORWARDED, HIT } from '../support/cache-headers.js';
import { cachingService } from '../support/caching-service.js';
import { expectProblem } from '../support/problem.js';

for (const backend of backends) {
  describe(`cached products on ${backend.name}`, () => {
    const service = cachingService(backend);

    async function newProduct(): Promise<string> {
      return `/v1/products/${await addProduct(service().admin)}`;
    }

    it('come from the cache after the first read, byte for byte the same', async () => {
      const path = await newProduct();
      const first = await service().anyone.get(path);
      expect(first.headers.get('cache-status')).to.match(FORWARDED);
      for (let i = 0; i < 3; i++) {
        const again = await service().anyone.get(path);
        expect(again.headers.get('cache-status')).to.match(HIT);
        expect(again.body).to.deep.equal(first.body);
        for (const name of ['etag', 'content-type', 'content-length', 'cache-control']) {
          expect(again.headers.get(name), name).to.equal(first.headers.get(name));
        }
      }
    });

    it('are the same whether they were loaded, written through, or answered to their writer', async () => {
      const path = await newProduct();
      const text = async () => (await fetch(new URL(path, service().service.url))).text();
      const patched = await service().admin.patch(path, { name: 'Written through' });
      const written = await text();
      expect(written).to.equal(JSON.stringify(patched.body));
      await service().admin.patch(path, { price: 9 });
      const read = JSON.parse(await text());
      expect(Object.keys(read)).to.deep.equal(Object.keys(JSON.parse(written)));
    });

    it('show a change in the next read', async () => {
      const path = await newProduct();
      for (let price = 1; price <= 20; price++) {
        await service().anyone.get(path);
        const patched = await service().admin.patch(path, { price });
        const read = await service().anyone.get(path);
        expect(read.body).to.deep.equal(patched.body).and.include({ price });
        expect(read.headers.get('etag')).to.equal(patched.headers.get('etag'));
      }
    });

    it('never show an earlier state to readers during writes', async () => {
      const path = await newProduct();
      let isWriting = true;
      const read = async () => {
        for (let seen = 0; isWriting; ) {
          const { body } = await service().anyone.get(path);
          expect(body.version).to.be.at.least(seen);
          seen = body.version;
        }
      };
      const reading = Promise.all([read(), read(), read()]);
      try {
        for (let price = 1; price <= 30; price++) {
          const { body } = await service().admin.patch(path, { price });
          expect((await service().anyone.get(path)).body).to.deep.equal(body);
        }
      } finally {
        isWriting = false;
      }
      await reading;
    });

    it('are not changed by a refused change, which reports no invalidation', async () => {
      const path = await newProduct();
      const before = await service().anyone.get(path);
      const refused = await service().admin.patch(path, { price: 5 }, { 'If-Match': '"99.0"' });
      expectProblem(refused, 412, 'precondition_failed');
      expect(refused.headers.get('lockstep-version')).to.equal(null);
      expect((await service().anyone.get(path)).body).to.deep.equal(before.body);
    });

    it('answer 304 on a miss and on a hit', async () => {
      const path = await newProduct();
      const tag = `"1.0"`;
      for (const status of [FORWARDED, HIT]) {
        const answer = await service().anyone.get(path, { 'If-None-Match': tag });
        expect({ status: answer.status, body: answer.body }).to.deep.equal({
          status: 304,
          body: '',
        });
        expect(answer.headers.get('etag')).to.equal(tag);
        expect(answer.headers.get('cache-status')).to.match(status);
        expect(answer.headers.get('cache-control')).to.equal('public, no-cache');
      }
    });

    it('answer HEAD as GET, without a body', async () => {
      const path = await newProduct();
      const get = await service().anyone.get(path);
      const head = await service().anyone.send('HEAD', path);
      expect({ status: head.status, body: head.body }).to.deep.equal({ status: 200, body: '' });
      for (const name of ['etag', 'content-type', 'content-length', 'cache-control']) {
        expect(head.headers.get(name), name).to.equal(get.headers.get(name));
      }
      expect(head.headers.get('cache-status')).to.match(HIT);
      const absent = await service().anyone.send('HEAD', `/v1/products/${v7()}`);
      expect({ status: absent.status, body: absent.body }).to.deep.equal({ status: 404, body: '' });
    });

    it('are cached as absent too, each by its own id', async () => {
      const id = v7();
      const path = `/v1/products/${id}`;
      for (const status of [FORWARDED, HIT]) {
        const answer = await service().anyone.get(path);
        expectProblem(answer, 404, 'product_not_found');
        expect(answer.body.productId).to.equal(id);
        expect(answer.headers.get('cache-status')).to.match(status);
        expect(answer.headers.get('cache-control')).to.equal('public, no-cache');
      }
      const present = await newProduct();
      expect((await service().anyone.get(present)).status).to.equal(200);
    });

    it('have one cache entry for every spelling of the id', async () => {
      const path = await newProduct();
      await service().anyone.get(path);
      const id = path.split('/').at(-1) as string;
      const answer = await service().anyone.get(`/v1/products/${id.toUpperCase()}`);
      expect(answer.headers.get('cache-status')).to.match(HIT);
    });

    it('keep their entry when only their stock changes', async () => {
      const path = await newProduct();
      await service().anyone.get(path);
      await service().admin.post(`${path}/restocks`, { quantity: 1 });
      expect((await service().anyone.get(path)).headers.get('cache-status')).to.match(HIT);
      const stock = await service().anyone.get(`${path}/stock`);
      expect(stock.headers.get('cache-status')).to.equal(null);
      expect(stock.body.available).to.equal(11);
    });
  });
}
