import { expect } from 'chai';
import type { ApiClient } from '../../../support/api-client.js';
import { backends } from '../../../support/backends.js';
import { addProduct, orderOf } from '../../../support/shop.js';
import { expectProblem, refusedPaths } from '../support/problem.js';
import { runningService } from '../support/running-service.js';

interface Row {
  readonly id: string;
}

for (const backend of backends) {
  describe(`lists on ${backend.name}`, () => {
    const service = runningService(backend);
    let user: ApiClient;
    const orderIds: string[] = [];
    const entryIds: string[] = [];
    const productIds: string[] = [];

    before(async () => {
      user = await service().customer('reader');
      for (let i = 0; i < 25; i++) {
        productIds.push(await addProduct(service().admin, { category: `c${i % 3}` }));
        const charge = await user.post('/v1/wallets/me/charges', { amount: i + 1 });
        entryIds.push(charge.body.entry.id);
        const order = await user.post('/v1/orders', orderOf(String(productIds.at(-1))));
        orderIds.push(order.body.id);
      }
    });

    const lists: [path: string, expected: () => string[]][] = [
      ['/v1/products', () => [...productIds]],
      ['/v1/orders', () => orderIds.toReversed()],
      ['/v1/wallets/me/entries', () => entryIds.toReversed()],
    ];

    async function pages(path: string, limit: number, between?: () => Promise<unknown>) {
      const found: string[][] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const from = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const page = await user.get(`${path}?limit=${limit}${from}`);
        expect(page.body).to.have.all.keys('items', 'nextCursor');
        found.push(page.body.items.map((row: Row) => row.id));
        cursor = page.body.nextCursor;
        await between?.();
      }
      return found;
    }

    for (const [path, expected] of lists) {
      it(`returns 20 items of ${path} without a limit in the query`, async () => {
        const page = await user.get(path);
        expect(page.body.items.map((row: Row) => row.id)).to.deep.equal(expected().slice(0, 20));
        expect(page.body.nextCursor).to.be.a('string');
      });

      for (const limit of [1, 7, 24, 25, 100]) {
        it(`gives all of ${path} once and in order, ${limit} at a time`, async () => {
          const found = await pages(path, limit);
          expect(found.flat()).to.deep.equal(expected());
          expect(found).to.have.length(Math.ceil(25 / limit));
          expect(found.slice(0, -1).every((page) => page.length === limit)).to.equal(true);
        });
      }

      for (const limit of ['0', '101', '-1', '1.5', 'abc', '', '%20', 'NaN', '1e3', 'Infinity']) {
        it(`refuses a limit of ${JSON.stringify(limit)} on ${path}`, async () => {
          const answer = await user.get(`${path}?limit=${limit}`);
          expectProblem(answer, 400, 'validation_failed');
          expect(answer.body.errors[0].path).to.equal('limit');
        });
      }

      for (const limit of [
        '0x10',
        '0b1',
        '1e1',
        '+5',
        '%2B5',
        '%205',
        '5%20',
        '5.0',
        '-0',
        '5n',
        '５',
      ]) {
        it(`refuses a limit of ${JSON.stringify(limit)} on ${path}`, async () => {
          const answer = await user.get(`${path}?limit=${encodeURI(decodeURIComponent(limit))}`);
          expectProblem(answer, 400, 'validation_failed');
          expect(refusedPaths(answer)).to.deep.equal(['limit']);
        });
      }

      for (const cursor of [
        '',
        'x',
        'null',
        '0',
        '%00',
        'MQ',
        'eyJpZCI6MX0',
        "'%20OR%201=1",
        'A'.repeat(201),
        'A'.repeat(200),
      ]) {
        it(`refuses the cursor ${JSON.stringify(cursor.slice(0, 20))} on ${path}`, async () => {
          const answer = await user.get(`${path}?cursor=${cursor}`);
          expectProblem(answer, 400, 'validation_failed');
          expect(answer.body.errors[0].path).to.equal('cursor');
        });
      }
    }

    it('moves nothing between pages while rows are added', async () => {
      const before = productIds.length;
      const products = await pages('/v1/products', 5, async () => {
        if (productIds.length < before + 3) productIds.push(await addProduct(service().admin));
      });
      expect(products.flat()).to.deep.equal(productIds);
      const known = orderIds.toReversed();
      const orders = await pages('/v1/orders', 5, async () => {
        const order = await user.post('/v1/orders', orderOf(String(productIds[0])));
        orderIds.push(order.body.id);
      });
      expect(orders.flat()).to.deep.equal(known);
    });

    it('filters products by category, across pages', async () => {
      const expected = productIds.slice(0, 25).filter((_, i) => i % 3 === 1);
      const first = await user.get('/v1/products?category=c1&limit=5');
      const next = `/v1/products?category=c1&limit=5&cursor=${first.body.nextCursor}`;
      const second = await user.get(next);
      const found = [...first.body.items, ...second.body.items].map((row: Row) => row.id);
      expect(found).to.deep.equal(expected);
      expect(second.body.nextCursor).to.equal(null);
      expect((await user.get('/v1/products?category=none')).body).to.deep.equal({
        items: [],
        nextCursor: null,
      });
    });

    it('refuses an invalid category', async () => {
      for (const category of ['', '%20', 'a%00b', 'a%0Ab', 'x'.repeat(65)]) {
        const answer = await user.get(`/v1/products?category=${category}`);
        expectProblem(answer, 400, 'validation_failed');
      }
    });

    it('returns the same order in a list and alone', async () => {
      const [id] = orderIds;
      const alone = await user.get(`/v1/orders/${id}`);
      const page = await user.get('/v1/orders?limit=100');
      const listed = page.body.items.find((row: Row) => row.id === id);
      expect(listed).to.deep.equal(alone.body);
    });
  });
}
