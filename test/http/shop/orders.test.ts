import { expect } from 'chai';
import type { ApiClient } from '../../support/api-client.js';
import { backends } from '../../support/backends.js';
import { addProduct, orderOf, readAll } from '../../support/shop.js';
import { expectProblem } from '../support/problem.js';
import { runningService } from '../support/running-service.js';

const POINTS = { method: 'points' };

for (const backend of backends) {
  describe(`orders on ${backend.name}`, () => {
    const service = runningService(backend);
    let user: ApiClient;
    let serial = 0;

    beforeEach(async () => {
      user = await service().customer(`buyer-${++serial}`);
      await user.post('/v1/wallets/me/charges', { amount: 1000 });
    });

    async function stock(productId: string): Promise<number> {
      return (await user.get(`/v1/products/${productId}/stock`)).body.available;
    }

    async function balance(): Promise<number> {
      const wallet = await user.get('/v1/wallets/me');
      const entries = await readAll<{ amount: number; balance: number }>(
        user,
        '/v1/wallets/me/entries',
      );
      const sum = entries.reduce((total, { amount }) => total + amount, 0);
      expect(sum, 'the sum of the ledger').to.equal(wallet.body.balance);
      expect(entries[0]?.balance, 'the newest entry').to.equal(wallet.body.balance);
      return wallet.body.balance;
    }

    async function place(options = {}): Promise<{ productId: string; orderId: string }> {
      const productId = await addProduct(service().admin, { price: 300, stock: 5, ...options });
      const order = await user.post('/v1/orders', orderOf(productId, 2));
      expect(order.status).to.equal(201);
      return { productId, orderId: order.body.id };
    }

    const pay = (id: string) => user.post(`/v1/orders/${id}/payments`, POINTS);
    const cancel = (id: string) => user.post(`/v1/orders/${id}/cancellations`);

    it('takes the units and waits for payment', async () => {
      const productId = await addProduct(service().admin, { price: 300, stock: 5 });
      const { status, body } = await user.post('/v1/orders', orderOf(productId, 2));
      expect(status).to.equal(201);
      expect(body).to.deep.include({
        userId: `buyer-${serial}`,
        status: 'PENDING_PAYMENT',
        items: [{ productId, quantity: 2, unitPrice: 300 }],
        total: 600,
        version: 1,
      });
      const window = Date.parse(body.expiresAt) - Date.parse(body.createdAt);
      expect(window).to.equal(15 * 60 * 1000);
      expect(await stock(productId)).to.equal(3);
      expect(await balance()).to.equal(1000);
      expect((await user.get(`/v1/orders/${body.id}`)).body).to.deep.equal(body);
    });

    it('keeps the price of the moment it was placed', async () => {
      const { productId, orderId } = await place();
      await service().admin.patch(`/v1/products/${productId}`, { price: 999 });
      const payment = await pay(orderId);
      expect(payment.body.amount).to.equal(600);
      expect(await balance()).to.equal(400);
    });

    it('is paid with points', async () => {
      const { productId, orderId } = await place();
      const payment = await pay(orderId);
      expect(payment.status).to.equal(201);
      expect(payment.body).to.include({
        orderId,
        userId: `buyer-${serial}`,
        method: 'points',
        amount: 600,
        status: 'CAPTURED',
      });
      expect(payment.body.order).to.deep.equal((await user.get(`/v1/orders/${orderId}`)).body);
      expect(payment.body.order).to.include({ status: 'PAID', version: 2 });
      expect(await balance()).to.equal(400);
      expect(await stock(productId)).to.equal(3);
      const [entry] = (await user.get('/v1/wallets/me/entries')).body.items;
      expect(entry).to.include({ kind: 'PAYMENT', amount: -600, balance: 400, orderId });
    });

    it('is not paid from a wallet that holds too little', async () => {
      const { orderId } = await place({ price: 501 });
      const payment = await pay(orderId);
      expectProblem(payment, 409, 'insufficient_points');
      expect(payment.body).to.include({ required: 1002, balance: 1000 });
      expect(await balance()).to.equal(1000);
      await user.post('/v1/wallets/me/charges', { amount: 2 });
      expect((await pay(orderId)).status).to.equal(201);
      expect(await balance()).to.equal(0);
    });

    it('is not paid from a wallet that was never charged', async () => {
      user = await service().customer(`pauper-${serial}`);
      const productId = await addProduct(service().admin);
      const order = await user.post('/v1/orders', orderOf(productId));
      expectProblem(await pay(order.body.id), 409, 'insufficient_points');
    });

    it('is paid for nothing where it costs nothing', async () => {
      user = await service().customer(`guest-${serial}`);
      const productId = await addProduct(service().admin, { price: 0 });
      const order = await user.post('/v1/orders', orderOf(productId));
      expect((await pay(order.body.id)).body).to.include({ amount: 0 });
      expect(await balance()).to.equal(0);
      expect((await cancel(order.body.id)).body).to.include({ refunded: 0 });
      expect(await balance()).to.equal(0);
    });

    it('is paid once', async () => {
      const { orderId } = await place({ price: 100 });
      await pay(orderId);
      const again = await pay(orderId);
      expectProblem(again, 409, 'order_not_payable');
      expect(again.body.status).to.equal(409);
      expect(await balance()).to.equal(800);
    });

    it('is paid once when ten payments come at once', async () => {
      const { orderId } = await place({ price: 100 });
      const answers = await Promise.all(Array.from({ length: 10 }, () => pay(orderId)));
      expect(answers.filter(({ status }) => status === 201)).to.have.length(1);
      for (const answer of answers.filter(({ status }) => status !== 201)) {
        expectProblem(answer, 409, 'order_not_payable');
      }
      expect(await balance()).to.equal(800);
    });

    it('gives its units back when it is cancelled unpaid', async () => {
      const { productId, orderId } = await place();
      const cancelled = await cancel(orderId);
      expect(cancelled.status).to.equal(201);
      expect(cancelled.body).to.include({ id: orderId, status: 'CANCELLED', refunded: 0 });
      expect(await stock(productId)).to.equal(5);
      expect(await balance()).to.equal(1000);
    });

    it('gives units and points back when it is cancelled after it was paid', async () => {
      const { productId, orderId } = await place();
      await pay(orderId);
      const cancelled = await cancel(orderId);
      expect(cancelled.status).to.equal(201);
      expect(cancelled.body).to.include({ status: 'CANCELLED', refunded: 600, version: 3 });
      expect(await stock(productId)).to.equal(5);
      expect(await balance()).to.equal(1000);
      const [entry] = (await user.get('/v1/wallets/me/entries')).body.items;
      expect(entry).to.include({ kind: 'REFUND', amount: 600, orderId });
    });

    it('is cancelled once, even when ten cancellations come at once', async () => {
      const { productId, orderId } = await place();
      await pay(orderId);
      const answers = await Promise.all(Array.from({ length: 10 }, () => cancel(orderId)));
      expect(answers.filter(({ status }) => status === 201)).to.have.length(1);
      for (const answer of answers.filter(({ status }) => status !== 201)) {
        expectProblem(answer, 409, 'order_not_cancellable');
      }
      expectProblem(await cancel(orderId), 409, 'order_not_cancellable');
      expect(await stock(productId)).to.equal(5);
      expect(await balance()).to.equal(1000);
    });

    it('is not paid once it is cancelled', async () => {
      const { orderId } = await place();
      await cancel(orderId);
      expectProblem(await pay(orderId), 409, 'order_not_payable');
      expect(await balance()).to.equal(1000);
    });

    it('is either paid or cancelled first when both come at once, and nothing is lost', async () => {
      for (let round = 0; round < 5; round++) {
        const { productId, orderId } = await place({ price: 10 });
        const [, cancelled] = await Promise.all([pay(orderId), cancel(orderId)]);
        expect(cancelled.status).to.equal(201);
        expect(await stock(productId)).to.equal(5);
      }
      expect(await balance()).to.equal(1000);
    });

    it('takes all of its items or none, and names the product that ran short', async () => {
      const [plenty, scarce, more] = await Promise.all(
        [5, 1, 5].map((units) => addProduct(service().admin, { stock: units })),
      );
      const items = [plenty, scarce, more].map((productId) => ({ productId, quantity: 2 }));
      const answer = await user.post('/v1/orders', { items });
      expectProblem(answer, 409, 'insufficient_stock');
      expect(answer.body).to.include({ productId: scarce, requested: 2, available: 1 });
      for (const [id, units] of [
        [plenty, 5],
        [scarce, 1],
        [more, 5],
      ] as const) {
        const { body } = await user.get(`/v1/products/${id}/stock`);
        expect(body).to.include({ available: units, version: 1 });
      }
      expect(await readAll(user, '/v1/orders')).to.deep.equal([]);
    });

    it('takes and gives back many items', async () => {
      const ids = await Promise.all(
        [1, 2, 3].map((price) => addProduct(service().admin, { price })),
      );
      const items = ids.map((productId, i) => ({ productId, quantity: i + 1 }));
      const order = await user.post('/v1/orders', { items });
      expect(order.body.total).to.equal(1 + 4 + 9);
      expect(order.body.items).to.have.deep.members(
        items.map((item, i) => ({ ...item, unitPrice: i + 1 })),
      );
      const read = await user.get(`/v1/orders/${order.body.id}`);
      expect(read.body).to.deep.equal(order.body);
      expect(await Promise.all(ids.map(stock))).to.deep.equal([9, 8, 7]);
      await cancel(order.body.id);
      expect(await Promise.all(ids.map(stock))).to.deep.equal([10, 10, 10]);
    });

    it('is refused for a product that does not exist, and takes nothing', async () => {
      const known = await addProduct(service().admin);
      const unknown = '01938f2e-8c3a-7b6e-9d1a-2f4c5e6a7b8c';
      const items = [known, unknown].map((productId) => ({ productId, quantity: 1 }));
      const answer = await user.post('/v1/orders', { items });
      expectProblem(answer, 404, 'product_not_found');
      expect(answer.body.productId).to.equal(unknown);
      expect(await stock(known)).to.equal(10);
    });

    it('takes the very last unit and not one more', async () => {
      const productId = await addProduct(service().admin, { stock: 3 });
      expect((await user.post('/v1/orders', orderOf(productId, 4))).status).to.equal(409);
      expect((await user.post('/v1/orders', orderOf(productId, 3))).status).to.equal(201);
      const answer = await user.post('/v1/orders', orderOf(productId));
      expectProblem(answer, 409, 'insufficient_stock');
      expect(answer.body).to.include({ available: 0 });
      await service().admin.post(`/v1/products/${productId}/restocks`, { quantity: 1 });
      expect((await user.post('/v1/orders', orderOf(productId))).status).to.equal(201);
    });
  });
}
