import { expect } from 'chai';
import { spanOf } from '../../../../src/domain/popularity/popularity.js';
import { RankingStore, SalesQueries } from '../../../../src/domain/popularity/ports.js';
import { SalesRanking } from '../../../../src/domain/popularity/sales-ranking.js';
import { eventually } from '../../../../tools/servers/eventually.js';
import type { ApiClient } from '../../../support/api-client.js';
import { backends } from '../../../support/backends.js';
import { addProduct, orderOf } from '../../../support/shop.js';
import { expectProblem, refusedPaths } from '../support/problem.js';
import { runningService } from '../support/running-service.js';

const PATH = '/v1/products/popular';

for (const backend of backends) {
  describe(`popular items on ${backend.name}`, () => {
    // Computed every second, so that the test does not wait for midnight.
    const service = runningService(backend, {
      POPULAR_REFRESH_MS: '50',
      POPULAR_DAILY_CRON: '* * * * * *',
      OUTBOX_RELAY_MS: '50',
    });
    let user: ApiClient;

    before(async () => {
      user = await service().customer('buyer');
      await user.post('/v1/wallets/me/charges', { amount: 1_000_000 });
    });

    async function buy(productId: string, quantity: number): Promise<string> {
      const { body } = await user.post('/v1/orders', orderOf(productId, quantity));
      const paid = await user.post(`/v1/orders/${body.id}/payments`, { method: 'points' });
      expect(paid.status).to.equal(201);
      return body.id;
    }

    const read = (window: string, limit = 100) =>
      service().anyone.get(`${PATH}?window=${window}&limit=${limit}`);

    async function soldOf(window: string, productId: string): Promise<number | undefined> {
      const { body } = await read(window);
      const found = body.items.find((item: { product: { id: string } }) => {
        return item.product.id === productId;
      });
      return found?.sold;
    }

    it('contain the units of paid orders, most first, in every window', async () => {
      const [one, two] = [await addProduct(service().admin), await addProduct(service().admin)];
      await buy(one, 1);
      await buy(two, 3);
      await buy(one, 1);
      await user.post('/v1/orders', orderOf(one, 5));
      for (const window of ['5m', '10m', '1d', '7d']) {
        await eventually(async () => {
          expect(await soldOf(window, one)).to.equal(2);
          expect(await soldOf(window, two)).to.equal(3);
        });
        const { status, body } = await read(window);
        expect(status).to.equal(200);
        expect(body).to.have.all.keys('window', 'computedAt', 'items');
        expect(body.window).to.equal(window);
        expect(Math.abs(Date.now() - Date.parse(body.computedAt))).to.be.lessThan(5_000);
        const { items } = body;
        expect(items.map((item: { rank: number }) => item.rank)).to.deep.equal(
          items.map((_: unknown, i: number) => i + 1),
        );
        expect(items[0].product).to.deep.equal(
          (await service().anyone.get(`/v1/products/${two}`)).body,
        );
      }
    });

    it('do not count an order that is cancelled', async () => {
      const id = await addProduct(service().admin);
      const order = await buy(id, 2);
      await buy(id, 1);
      const windows = ['5m', '1d', '7d'];
      for (const window of windows) {
        await eventually(async () => expect(await soldOf(window, id)).to.equal(3));
      }
      await user.post(`/v1/orders/${order}/cancellations`);
      for (const window of windows) {
        await eventually(async () => expect(await soldOf(window, id)).to.equal(1));
      }
    });

    it('show a changed price at once', async () => {
      const id = await addProduct(service().admin, { price: 5 });
      await buy(id, 9);
      await eventually(async () => expect(await soldOf('10m', id)).to.equal(9));
      await service().admin.patch(`/v1/products/${id}`, { price: 6 });
      const { body } = await read('10m', 1);
      expect(body.items[0].product).to.include({ id, price: 6 });
    });

    it('are as many as requested, and sorted by id when the units are equal', async () => {
      const ids: string[] = [];
      for (let i = 0; i < 4; i++) ids.push(await addProduct(service().admin, { stock: 50 }));
      for (const id of ids.toReversed()) await buy(id, 50);
      await eventually(async () => {
        const { body } = await read('5m', 4);
        expect(
          body.items.map((item: { product: { id: string } }) => item.product.id),
        ).to.deep.equal(ids);
      });
      expect((await read('5m', 1)).body.items).to.have.length(1);
      expect((await service().anyone.get(`${PATH}?window=5m`)).body.items.length).to.be.at.most(20);
    });

    it('come from Redis when it is used, where the ranking is built by itself', async () => {
      const { container } = service().service;
      if (!service().env['REDIS_URL']) return;
      const [kept, orders] = [container.get(SalesRanking), container.get(SalesQueries)];
      await eventually(async () => {
        const span = spanOf('7d', new Date());
        expect(await kept.top(span, 100)).to.deep.equal(await orders.top(span, 100));
      });
    });

    it('refuse an invalid window or limit', async () => {
      for (const [query, path] of [
        ['', 'window'],
        ['?window=1h', 'window'],
        ['?window=5m&limit=0', 'limit'],
        ['?window=5m&limit=101', 'limit'],
        ['?window=5m&cursor=x', 'cursor'],
      ]) {
        const answer = await service().anyone.get(`${PATH}${query}`);
        expectProblem(answer, 400, 'validation_failed');
        expect(refusedPaths(answer)).to.deep.equal([path]);
      }
    });

    it('come with a count of their different buyers for the operator, where Redis keeps them', async () => {
      const other = await service().customer('another-buyer');
      await other.post('/v1/wallets/me/charges', { amount: 1_000 });
      const product = await addProduct(service().admin);
      await buy(product, 1);
      await buy(product, 1);
      const { body } = await other.post('/v1/orders', orderOf(product, 1));
      await other.post(`/v1/orders/${body.id}/payments`, { method: 'points' });
      const count = backend.name.includes('Redis') ? '2' : 'Nan';
      await eventually(async () => {
        const { body: metrics } = await service().anyone.get('/metrics');
        for (const window of ['5m', '10m']) {
          const gauge = new RegExp(`^popular_buyers\\{window="${window}",.*\\} ${count}$`, 'm');
          expect(metrics).to.match(gauge);
        }
      });
    });
  });

  describe(`popular items of the last days on ${backend.name}`, () => {
    const service = runningService(backend, { POPULAR_REFRESH_MS: '50' });

    it('are computed at the start when no instance ran at the last midnight', async () => {
      const id = await addProduct(service().admin);
      const store = service().service.container.get(RankingStore);
      const computedAt = new Date(Date.now() - 2 * 24 * 3_600_000);
      for (const window of ['1d', '7d'] as const) {
        await store.publish({ window, computedAt, sold: [{ productId: id, units: 77 }] });
      }
      for (const window of ['1d', '7d']) {
        await eventually(async () => {
          const { body } = await service().anyone.get(`${PATH}?window=${window}`);
          expect(body.items).to.deep.equal([]);
          expect(Date.parse(body.computedAt)).to.be.greaterThan(computedAt.getTime());
        });
      }
    });

    it('show sold products even when they were read before the first sale', async () => {
      const read = async () => (await service().anyone.get(`${PATH}?window=1d`)).body;
      expect((await read()).items).to.deep.equal([]);
      const id = await addProduct(service().admin);
      const user = await service().customer('early');
      await user.post('/v1/wallets/me/charges', { amount: 1_000 });
      const { body } = await user.post('/v1/orders', orderOf(id));
      await user.post(`/v1/orders/${body.id}/payments`, { method: 'points' });
      await eventually(async () => expect((await read()).items).to.have.length(1));
    });
  });
}
