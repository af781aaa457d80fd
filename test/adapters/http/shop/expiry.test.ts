import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { eventually } from '../../../../tools/servers/eventually.js';
import type { ApiClient } from '../../../support/api-client.js';
import { backends } from '../../../support/backends.js';
import { addProduct, orderOf } from '../../../support/shop.js';
import { expectProblem } from '../support/problem.js';
import { runningService } from '../support/running-service.js';

const POINTS = { method: 'points' };

for (const backend of backends) {
  describe(`orders that are not paid, on ${backend.name}`, () => {
    const service = runningService(backend, { ORDER_PAYMENT_WINDOW_MS: '1000' });

    it('expire, and their units are for sale again', async () => {
      const user = await service().customer('late');
      await user.post('/v1/wallets/me/charges', { amount: 1000 });
      const productId = await addProduct(service().admin);
      const paid = await user.post('/v1/orders', orderOf(productId));
      await user.post(`/v1/orders/${paid.body.id}/payments`, POINTS);
      const order = await user.post('/v1/orders', orderOf(productId, 3));
      const path = `/v1/orders/${order.body.id}`;
      await eventually(async () => {
        expect((await user.get(path)).body).to.include({ status: 'EXPIRED', version: 2 });
      });
      const stock = await user.get(`/v1/products/${productId}/stock`);
      expect(stock.body).to.include({ available: 9, held: 0 });
      expectProblem(await user.post(`${path}/payments`, POINTS), 409, 'order_not_payable');
      expectProblem(await user.post(`${path}/cancellations`), 409, 'order_not_cancellable');
      expect((await user.get('/v1/wallets/me')).body.balance).to.equal(900);
      expect((await user.get(`/v1/orders/${paid.body.id}`)).body.status).to.equal('PAID');
      const metrics = (await user.get('/metrics')).body;
      expect(metrics).to.match(/^expired_total\{of="order",.*\} 1$/m);
      expect(metrics).to.match(/^expiry_lag_seconds_count\{.*of="order".*\} 1$/m);
    });
  });

  describe(`a due row before its sweep, on ${backend.name}`, () => {
    const late = { ORDER_PAYMENT_WINDOW_MS: '1', EXPIRY_SWEEP_MS: '3600000' };
    const service = runningService(backend, late);
    let user: ApiClient;
    let productId: string;

    beforeEach(async () => {
      user = await service().customer('late');
      productId = await addProduct(service().admin);
    });

    async function overdue(order: { expiresAt: string }): Promise<void> {
      // This takes real time, because the payment window is a setting of the running service.
      await sleep(Math.max(0, Date.parse(order.expiresAt) - Date.now()) + 1);
    }

    it('cannot be paid any more, and can be cancelled', async () => {
      await user.post('/v1/wallets/me/charges', { amount: 1000 });
      const order = await user.post('/v1/orders', orderOf(productId));
      await overdue(order.body);
      const path = `/v1/orders/${order.body.id}`;
      expectProblem(await user.post(`${path}/payments`, POINTS), 409, 'order_not_payable');
      expect((await user.get('/v1/wallets/me')).body.balance).to.equal(1000);
      expect((await user.post(`${path}/cancellations`)).status).to.equal(201);
      expect((await user.get(`/v1/products/${productId}/stock`)).body.available).to.equal(10);
    });

    it('cannot be confirmed any more, and can be released', async () => {
      const held = { productId, quantity: 2, holdSeconds: 1 };
      const reservation = await user.post('/v1/reservations', held);
      await overdue(reservation.body);
      const path = `/v1/reservations/${reservation.body.id}`;
      expectProblem(await user.post(`${path}/confirmations`), 409, 'reservation_expired');
      expect((await user.send('DELETE', path)).status).to.equal(204);
      const stock = await user.get(`/v1/products/${productId}/stock`);
      expect(stock.body).to.include({ available: 10, held: 0 });
    });
  });
}
