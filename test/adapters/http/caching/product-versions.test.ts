import { expect } from 'chai';
import { backends } from '../../../support/backends.js';
import { addProduct, orderOf } from '../../../support/shop.js';
import { expectProblem } from '../support/problem.js';
import { exchange } from '../support/raw-http.js';
import { runningService } from '../support/running-service.js';

for (const backend of backends) {
  describe(`versions of a product on ${backend.name}`, () => {
    const service = runningService(backend);

    async function product() {
      const { admin, anyone } = service();
      const path = `/v1/products/${await addProduct(admin)}`;
      const tag = (await anyone.get(path)).headers.get('etag') ?? '';
      return { path, tag };
    }

    /** A conditional read as curl sends it: fetch would add `Cache-Control: no-cache` to it. */
    function read(path: string, condition: string) {
      return exchange(
        service().service.url,
        `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nIf-None-Match: ${condition}\r\n\r\n`,
      );
    }

    it('carry a strong tag that changes with every change', async () => {
      const { path, tag } = await product();
      expect(tag).to.match(/^"[^"]+"$/);
      const patched = await service().admin.patch(path, { name: 'New' });
      expect(patched.headers.get('etag'))
        .to.match(/^"[^"]+"$/)
        .and.not.equal(tag);
      const again = await service().anyone.get(path);
      expect(again.headers.get('etag')).to.equal(patched.headers.get('etag'));
      expect(again.body).to.deep.equal(patched.body);
      expect(again.body).to.include({ name: 'New', version: 2 });
    });

    it('are not sent again to a client that has them', async () => {
      const { path, tag } = await product();
      for (const condition of [tag, `"other", ${tag}`, `W/${tag}`, '*']) {
        const answer = await read(path, condition);
        expect(answer.status, condition).to.equal(304);
        expect(answer.body).to.equal('');
        expect(answer.headers.get('etag')).to.equal(tag);
      }
    });

    it('are sent to a client that has another version', async () => {
      const { path, tag } = await product();
      for (const condition of ['"other"', tag.replaceAll('"', ''), '""']) {
        expect((await read(path, condition)).status, condition).to.equal(200);
      }
      await service().admin.patch(path, { price: 7 });
      expect((await read(path, tag)).status).to.equal(200);
    });

    it('are not sent again to a client that uses fetch', async () => {
      const { path, tag } = await product();
      const answer = await service().anyone.get(path, { 'If-None-Match': tag });
      expect(answer.status).to.equal(304);
    });

    it('do not change with the stock', async () => {
      const { path, tag } = await product();
      const id = path.split('/').at(-1) as string;
      await service().admin.post(`${path}/restocks`, { quantity: 1 });
      await service().admin.post('/v1/orders', orderOf(id));
      expect((await read(path, tag)).status).to.equal(304);
    });

    it('guard a change that names its version', async () => {
      const { path, tag } = await product();
      const { admin } = service();
      const first = await admin.patch(path, { price: 1 }, { 'If-Match': tag });
      expect(first.status).to.equal(200);
      const stale = await admin.patch(path, { price: 2 }, { 'If-Match': tag });
      expectProblem(stale, 412, 'precondition_failed');
      expect((await admin.get(path)).body).to.include({ price: 1, version: 2 });
      const fresh = first.headers.get('etag') ?? '';
      const second = await admin.patch(path, { price: 3 }, { 'If-Match': `${tag}, ${fresh}` });
      expect(second.body).to.include({ price: 3, version: 3 });
    });

    it('allow exactly one of ten changes of the same version', async () => {
      const { path, tag } = await product();
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          service().admin.patch(path, { price: i }, { 'If-Match': tag }),
        ),
      );
      expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
      for (const answer of answers.filter(({ status }) => status !== 200)) {
        expectProblem(answer, 412, 'precondition_failed');
      }
    });

    it('refuse a change with the tag of another version', async () => {
      const { path, tag } = await product();
      for (const condition of ['"other"', `W/${tag}`, 'x', '"', '""', tag.replaceAll('"', '')]) {
        const answer = await service().admin.patch(path, { price: 1 }, { 'If-Match': condition });
        expectProblem(answer, 412, 'precondition_failed');
      }
      expect((await service().anyone.get(path)).body.version).to.equal(1);
    });

    it('allow a change that accepts any version', async () => {
      const { path } = await product();
      for (const headers of [{}, { 'If-Match': '*' }]) {
        expect((await service().admin.patch(path, { price: 1 }, headers)).status).to.equal(200);
      }
    });

    it('change only the named fields', async () => {
      const { path } = await product();
      const before = (await service().anyone.get(path)).body;
      const { body } = await service().admin.patch(path, { category: 'other' });
      const { updatedAt } = body;
      expect(body).to.deep.equal({ ...before, category: 'other', version: 2, updatedAt });
      expect(Date.parse(updatedAt)).to.be.at.least(Date.parse(before.updatedAt));
    });
  });
}
