import { expect } from 'chai';
import sinon from 'sinon';
import { ProductQueries } from '../../../../src/domain/catalogue/ports.js';
import { CachePort } from '../../../../src/domain/ports/cache-port.js';
import { DependencyUnavailableError } from '../../../../src/domain/ports/failures.js';
import { eventually } from '../../../../tools/servers/eventually.js';
import { backends } from '../../../support/backends.js';
import { addProduct } from '../../../support/shop.js';
import { FORWARDED, HIT } from '../support/cache-headers.js';
import { cachingService } from '../support/caching-service.js';
import { Gate } from '../support/gate.js';
import { expectProblem } from '../support/problem.js';

interface Item {
  readonly id: string;
  readonly price: number;
}

for (const backend of backends) {
  describe(`cached pages of products on ${backend.name}`, () => {
    const service = cachingService(backend);
    let serial = 0;
    let category: string;
    let path: string;

    beforeEach(() => {
      serial += 1;
      category = `shelf-${serial}`;
      path = `/v1/products?category=${category}`;
    });

    afterEach(() => sinon.restore());

    const read = (query = '') => service().anyone.get(path + query);
    const add = (price = 100) => addProduct(service().admin, { category, price });
    const pricesOf = async () => (await read()).body.items.map(({ price }: Item) => price);

    async function expectHit(query = ''): Promise<void> {
      expect((await read(query)).headers.get('cache-status'), query).to.match(HIT);
    }

    it('come from the cache once they were read', async () => {
      await add();
      const first = await read();
      expect(first.headers.get('cache-status')).to.match(FORWARDED);
      const second = await read();
      expect(second.headers.get('cache-status')).to.match(HIT);
      expect(second.body).to.deep.equal(first.body);
      expect(second.headers.get('etag')).to.equal(first.headers.get('etag'));
    });

    it('have one entry for every spelling of the same request', async () => {
      await add();
      await read();
      await expectHit('&limit=20');
      await expectHit('&limit=020');
      const turned = await service().anyone.get(`/v1/products?limit=20&category=${category}`);
      expect(turned.headers.get('cache-status')).to.match(HIT);
    });

    it('have another entry for every other request', async () => {
      const ids = [await add(), await add()];
      const first = await read('&limit=1');
      const rest = await read(`&limit=1&cursor=${first.body.nextCursor}`);
      const both = await read('&limit=2');
      expect(first.body.items.map(({ id }: Item) => id)).to.deep.equal([ids[0]]);
      expect(rest.body.items.map(({ id }: Item) => id)).to.deep.equal([ids[1]]);
      expect(both.body.items.map(({ id }: Item) => id)).to.deep.equal(ids);
      const other = await service().anyone.get('/v1/products?category=elsewhere');
      expect(other.body.items).to.deep.equal([]);
    });

    it('show a changed price in the next read', async () => {
      const id = await add();
      await add(7);
      for (let price = 1; price <= 10; price++) {
        await read();
        await service().admin.patch(`/v1/products/${id}`, { price });
        expect(await pricesOf()).to.deep.equal([price, 7]);
      }
    });

    it('show a new product in the next read, also on an empty page', async () => {
      for (let n = 0; n < 5; n++) {
        expect(await pricesOf()).to.have.length(n);
        await add(n);
      }
      expect(await pricesOf()).to.deep.equal([0, 1, 2, 3, 4]);
    });

    it('show a moved product in its new category, and no longer in the old one', async () => {
      const id = await add();
      const target = `/v1/products?category=${category}-new`;
      await Promise.all([read(), service().anyone.get(target)]);
      await service().admin.patch(`/v1/products/${id}`, { category: `${category}-new` });
      expect((await read()).body.items).to.deep.equal([]);
      expect((await service().anyone.get(target)).body.items).to.have.length(1);
    });

    it('stay cached when a product changes that they do not show', async () => {
      await add();
      const other = await addProduct(service().admin, { category: 'unrelated' });
      await read();
      await service().admin.patch(`/v1/products/${other}`, { price: 3 });
      await expectHit();
    });

    it('are refused, not cached, when a parameter is wrong or unknown', async () => {
      await read();
      for (const query of ['&limit=0', '&unknown=1', '&cursor=x']) {
        for (let i = 0; i < 2; i++) {
          const answer = await read(query);
          expectProblem(answer, 400, 'validation_failed');
          expect(answer.headers.get('cache-status')).to.equal(null);
        }
      }
    });

    it('answer HEAD and 304 as a GET', async () => {
      await add();
      const head = await service().anyone.send('HEAD', path);
      const get = await read();
      expect(head.body).to.equal('');
      const tag = get.headers.get('etag') ?? '';
      expect(head.headers.get('etag')).to.equal(tag);
      expect(head.headers.get('content-length')).to.equal(get.headers.get('content-length'));
      const answer = await service().anyone.get(path, { 'If-None-Match': tag });
      expect({ status: answer.status, body: answer.body }).to.deep.equal({ status: 304, body: '' });
      expect(answer.headers.get('cache-status')).to.match(HIT);
      await add();
      expect((await service().anyone.get(path, { 'If-None-Match': tag })).status).to.equal(200);
    });

    /** The query for a page, held up until `count` requests have come to the cache. */
    function holdUp(count: number) {
      const { container } = service().service;
      const queries = container.get(ProductQueries);
      const reads = sinon.spy(container.get(CachePort), 'read');
      const gate = new Gate();
      const list = queries.list.bind(queries);
      const query = sinon.stub(queries, 'list').callsFake(async (...args) => {
        await gate.pass();
        return list(...args);
      });
      const whenWaiting = eventually(() => expect(reads.callCount).to.equal(count));
      return { gate, query, whenWaiting };
    }

    it('cost one query when a hundred requests at once ask for a page that is not cached', async () => {
      await add();
      const { gate, query, whenWaiting } = holdUp(100);
      const asked = Array.from({ length: 100 }, () => read());
      await whenWaiting;
      gate.open();
      const answers = await Promise.all(asked);
      expect(query.callCount).to.equal(1);
      for (const answer of answers) {
        expect(answer.status).to.equal(200);
        expect(answer.body.items).to.have.length(1);
      }
      const ids = new Set(answers.map(({ headers }) => headers.get('x-request-id')));
      expect(ids.size).to.equal(100);
    });

    it('fail all waiting requests after one failed query, each with its own problem, and recover', async () => {
      await add();
      const { gate, query, whenWaiting } = holdUp(20);
      query.callsFake(async () => {
        await gate.pass();
        throw new DependencyUnavailableError('database', new Error('gone'));
      });
      const names = Array.from({ length: 20 }, (_, i) => `waiter-${i}`);
      const asked = names.map((name) => service().anyone.get(path, { 'X-Request-Id': name }));
      await whenWaiting;
      gate.open();
      for (const [i, answer] of (await Promise.all(asked)).entries()) {
        expectProblem(answer, 503, 'dependency_unavailable');
        expect(answer.headers.get('x-request-id')).to.equal(names[i]);
        expect(answer.headers.get('retry-after')).to.match(/^\d+$/);
        expect(answer.headers.get('etag')).to.not.match(/^"[\w-]{43}"$/);
      }
      expect(query.callCount).to.equal(1);
      sinon.restore();
      const after = await read();
      expect(after.status).to.equal(200);
      expect(after.headers.get('cache-status')).to.match(FORWARDED);
    });

    it('are not kept when a product on them changes while they are read', async () => {
      const id = await add(1);
      const { gate, whenWaiting } = holdUp(1);
      const early = read();
      await whenWaiting;
      await service().admin.patch(`/v1/products/${id}`, { price: 2 });
      // Begun after the change, so it must not join what was begun before.
      const late = read();
      gate.open();
      await early;
      expect((await late).body.items[0].price).to.equal(2);
      expect(await pricesOf()).to.deep.equal([2]);
    });
  });
}
