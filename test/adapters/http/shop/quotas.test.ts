import { expect } from 'chai';
import { eventually } from '../../../../tools/servers/eventually.js';
import type { ApiClient, ApiResponse } from '../../../support/api-client.js';
import { backends } from '../../../support/backends.js';
import { addProduct, orderOf } from '../../../support/shop.js';
import { expectProblem } from '../support/problem.js';
import { runningService } from '../support/running-service.js';

const ASYNC = { Prefer: 'respond-async' };

for (const backend of backends) {
  describe(`quotas of one customer on ${backend.name}`, () => {
    const service = runningService(backend, {
      QUOTA_UNPAID_ORDERS: '2',
      QUOTA_HOLDS: '2',
      QUOTA_UNITS: '10',
    });
    let user: ApiClient;
    let other: ApiClient;
    let productId: string;
    let serial = 0;

    beforeEach(async () => {
      serial += 1;
      [user, other] = [
        await service().customer(`greedy-${serial}`),
        await service().customer(`modest-${serial}`),
      ];
      productId = await addProduct(service().admin, { stock: 100, price: 0 });
    });

    const order = (quantity = 1, headers = {}) =>
      user.post('/v1/orders', orderOf(productId, quantity), headers);
    const hold = (quantity = 1, holdSeconds = 3_600) =>
      user.post('/v1/reservations', { productId, quantity, holdSeconds });

    function expectQuota(answer: ApiResponse, quota: string, limit: number, current: number): void {
      expectProblem(answer, 409, 'quota_exceeded');
      expect(answer.body).to.include({ quota, limit, current });
    }

    it('leaves units of a product to others, whether they are held or ordered', async () => {
      expect((await hold(4)).status).to.equal(201);
      expectQuota(await hold(7), 'units', 10, 4);
      expect((await order(6)).status).to.equal(201);
      const answer = await order(1);
      expectQuota(answer, 'units', 10, 10);
      expect(answer.body).to.include({ productId, requested: 1 });
      expect((await other.post('/v1/orders', orderOf(productId, 10))).status).to.equal(201);
      const { body } = await user.get(`/v1/products/${productId}/stock`);
      expect(body).to.include({ available: 80, held: 4 });
    });

    it('counts the units of each product by itself', async () => {
      const another = await addProduct(service().admin, { stock: 100, price: 0 });
      expect((await hold(4)).status).to.equal(201);
      expect((await user.post('/v1/orders', orderOf(another, 10))).status).to.equal(201);
      expect((await order(6)).status).to.equal(201);
      expectQuota(await hold(1), 'units', 10, 10);
    });

    it('counts no units that are paid for', async () => {
      const { body } = await order(10);
      expectQuota(await order(1), 'units', 10, 10);
      const paid = await user.post(`/v1/orders/${body.id}/payments`, { method: 'points' });
      expect(paid.status).to.equal(201);
      expect((await order(10)).status).to.equal(201);
    });

    it('refuses an unpaid order above the limit, until one is paid or cancelled', async () => {
      const [one, two] = [await order(), await order()];
      expectQuota(await order(), 'unpaid_orders', 2, 2);
      expect((await other.post('/v1/orders', orderOf(productId))).status).to.equal(201);
      await user.post(`/v1/orders/${one.body.id}/payments`, { method: 'points' });
      expect((await order()).status).to.equal(201);
      expectQuota(await order(), 'unpaid_orders', 2, 2);
      await user.post(`/v1/orders/${two.body.id}/cancellations`);
      expect((await order()).status).to.equal(201);
    });

    it('refuses a reservation above the limit, until one is released, confirmed or expired', async () => {
      const [one, two] = [await hold(), await hold()];
      expectQuota(await hold(), 'holds', 2, 2);
      await user.send('DELETE', `/v1/reservations/${one.body.id}`);
      const [three] = [await hold()];
      expect(three.status).to.equal(201);
      await user.post(`/v1/reservations/${two.body.id}/confirmations`);
      expect((await hold(1, 1)).status).to.equal(201);
      await eventually(async () => expect((await hold()).status).to.equal(201));
    });

    it('does not let reservations become more orders than one may leave unpaid', async () => {
      const { body } = await hold();
      const [first] = [await order(), await order()];
      const confirm = () => user.post(`/v1/reservations/${body.id}/confirmations`);
      expectQuota(await confirm(), 'unpaid_orders', 2, 2);
      expect((await user.get(`/v1/reservations/${body.id}`)).body.status).to.equal('HELD');
      await user.post(`/v1/orders/${first.body.id}/cancellations`);
      expect((await confirm()).status).to.equal(201);
    });

    it('rejects queued orders like direct ones', async () => {
      await Promise.all([order(), order()]);
      const accepted = await order(1, ASYNC);
      expect(accepted.status).to.equal(202);
      await eventually(async () => {
        const { body } = await user.get(accepted.headers.get('location') ?? '');
        expect(body).to.include({ status: 'REJECTED', code: 'quota_exceeded' });
      });
    });
  });
}
