import { expect } from 'chai';
import { backends } from '../../../support/backends.js';
import { addProduct, orderOf } from '../../../support/shop.js';
import { expectProblem, refusedPaths } from '../support/problem.js';
import { openRichWallet } from '../support/rich-wallet.js';
import { runningService } from '../support/running-service.js';

const MOST_POINTS = Number.MAX_SAFE_INTEGER;
const NOBODY = '01938f2e-8c3a-7b6e-9d1a-2f4c5e6a7b8c';

for (const backend of backends) {
  describe(`limits on ${backend.name}`, () => {
    const service = runningService(backend);
    const product = { name: 'Thing', price: 1, category: 'limits', stock: 0 };

    it('takes quantities from 1 to 10,000 and no others', async () => {
      const { admin } = service();
      const id = await addProduct(admin, { stock: 10_001 });
      for (const quantity of [1, 10_000]) {
        const order = await admin.post('/v1/orders', orderOf(id, quantity));
        expect(order.body.items).to.deep.equal([{ productId: id, quantity, unitPrice: 100 }]);
        const restock = await admin.post(`/v1/products/${id}/restocks`, { quantity });
        expect(restock.status).to.equal(201);
      }
      for (const quantity of [0, -1, 10_001, 1.5, '1', null]) {
        const order = await admin.post('/v1/orders', { items: [{ productId: id, quantity }] });
        expectProblem(order, 400, 'validation_failed');
        expect(refusedPaths(order)).to.deep.equal(['items.0.quantity']);
        const restock = await admin.post(`/v1/products/${id}/restocks`, { quantity });
        expectProblem(restock, 400, 'validation_failed');
      }
      const stock = await admin.get(`/v1/products/${id}/stock`);
      expect(stock.body.available).to.equal(10_001);
    });

    it('takes orders of 1 to 100 distinct products and no others', async () => {
      const { admin } = service();
      // One by one: with one writer at a time, the last of many requests would wait too long.
      const ids: string[] = [];
      while (ids.length < 101) ids.push(await addProduct(admin));
      const items = ids.map((productId) => ({ productId, quantity: 1 }));
      expectProblem(await admin.post('/v1/orders', { items: [] }), 400, 'validation_failed');
      expectProblem(await admin.post('/v1/orders', { items }), 400, 'validation_failed');
      const order = await admin.post('/v1/orders', { items: items.slice(0, 100) });
      expect(order.status).to.equal(201);
      expect(order.body).to.include({ total: 10_000 });
      expect(order.body.items).to.have.length(100);
    });

    it('refuses a product that is named twice, in any spelling', async () => {
      const { admin } = service();
      const id = await addProduct(admin);
      for (const again of [id, id.toUpperCase()]) {
        const items = [id, again].map((productId) => ({ productId, quantity: 1 }));
        const answer = await admin.post('/v1/orders', { items });
        expectProblem(answer, 400, 'validation_failed');
        expect(refusedPaths(answer)).to.deep.equal(['items.1.productId']);
      }
    });

    it('takes charges from 1 to 1,000,000,000 and no others', async () => {
      const user = await service().customer('charger');
      for (const amount of [0, -1, 1_000_000_001, 0.1, '5', null]) {
        const answer = await user.post('/v1/wallets/me/charges', { amount });
        expectProblem(answer, 400, 'validation_failed');
      }
      for (const amount of [1, 1_000_000_000]) {
        const answer = await user.post('/v1/wallets/me/charges', { amount });
        expect(answer.status).to.equal(201);
        expect(answer.body.entry).to.include({ amount, kind: 'CHARGE', orderId: null });
      }
      const wallet = await user.get('/v1/wallets/me');
      expect(wallet.body).to.deep.equal({ userId: 'charger', balance: 1_000_000_001, version: 2 });
    });

    for (const price of [0, 1, MOST_POINTS - 1, MOST_POINTS]) {
      it(`keeps a price of ${price} exact from product to payment`, async () => {
        const { admin } = service();
        const user = await service().customer(`buyer-at-${price}`);
        if (price > 0) await openRichWallet(service(), `buyer-at-${price}`, price);
        const id = await addProduct(admin, { price, stock: 1 });
        expect((await admin.get(`/v1/products/${id}`)).body.price).to.equal(price);
        const order = await user.post('/v1/orders', orderOf(id));
        expect(order.body).to.include({ total: price });
        const payment = await user.post(`/v1/orders/${order.body.id}/payments`, {
          method: 'points',
        });
        expect(payment.body).to.include({ amount: price });
        expect((await user.get('/v1/wallets/me')).body.balance).to.equal(0);
        const again = await user.get(`/v1/orders/${order.body.id}`);
        expect(again.body).to.include({ total: price, status: 'PAID' });
        expect(again.body.items[0].unitPrice).to.equal(price);
        const [entry] = (await user.get('/v1/wallets/me/entries')).body.items;
        expect(Math.abs(entry.amount)).to.equal(price);
        const back = await user.post(`/v1/orders/${order.body.id}/cancellations`);
        expect(back.body.refunded).to.equal(price);
        expect((await user.get('/v1/wallets/me')).body.balance).to.equal(price);
      });
    }

    it('refuses prices that are no whole number of points', async () => {
      const { admin } = service();
      const id = await addProduct(admin);
      for (const price of [-1, 0.5, 2 ** 53, 1e21, '1', null]) {
        const created = await admin.post('/v1/products', { ...product, sku: 'P-1', price });
        expectProblem(created, 400, 'validation_failed');
        expectProblem(await admin.patch(`/v1/products/${id}`, { price }), 400, 'validation_failed');
      }
    });

    it('reads a price of -0 as 0', async () => {
      const { admin } = service();
      const id = await addProduct(admin);
      const answer = await admin.patch(`/v1/products/${id}`, '{"price":-0}');
      expect(Object.is(answer.body.price, 0)).to.equal(true);
      expect(Object.is((await admin.get(`/v1/products/${id}`)).body.price, 0)).to.equal(true);
    });

    it('refuses an order whose total cannot be counted, and takes nothing', async () => {
      const { admin } = service();
      const dear = await addProduct(admin, { price: MOST_POINTS });
      const cheap = await addProduct(admin, { price: 1 });
      const two = await admin.post('/v1/orders', orderOf(dear, 2));
      expectProblem(two, 409, 'order_total_too_large');
      const items = [dear, cheap].map((productId) => ({ productId, quantity: 1 }));
      expectProblem(await admin.post('/v1/orders', { items }), 409, 'order_total_too_large');
      for (const id of [dear, cheap]) {
        const { body } = await admin.get(`/v1/products/${id}/stock`);
        expect(body).to.include({ available: 10, version: 1 });
      }
    });

    it('fills a wallet to 2^53-1 points and refuses one more', async () => {
      await openRichWallet(service(), 'midas', MOST_POINTS - 5);
      const midas = await service().customer('midas');
      const over = await midas.post('/v1/wallets/me/charges', { amount: 6 });
      expectProblem(over, 409, 'wallet_limit_exceeded');
      const full = await midas.post('/v1/wallets/me/charges', { amount: 5 });
      expect(full.body.wallet.balance).to.equal(MOST_POINTS);
      expectProblem(
        await midas.post('/v1/wallets/me/charges', { amount: 1 }),
        409,
        'wallet_limit_exceeded',
      );
      expect((await midas.get('/v1/wallets/me')).body.balance).to.equal(MOST_POINTS);
    });

    it('takes stock from 0 to 1,000,000,000 units, and restocks up to there', async () => {
      const { admin } = service();
      for (const stock of [-1, 1_000_000_001, 1.5, '1']) {
        const answer = await admin.post('/v1/products', { ...product, sku: 'S-1', stock });
        expectProblem(answer, 400, 'validation_failed');
      }
      const id = await addProduct(admin, { stock: 999_999_999 });
      const over = await admin.post(`/v1/products/${id}/restocks`, { quantity: 2 });
      expectProblem(over, 409, 'stock_limit_exceeded');
      const full = await admin.post(`/v1/products/${id}/restocks`, { quantity: 1 });
      expect(full.body).to.include({ available: 1_000_000_000, held: 0 });
    });

    it('refuses unknown fields in every request body', async () => {
      const { admin } = service();
      const id = await addProduct(admin);
      const order = await admin.post('/v1/orders', orderOf(id));
      const bodies: [method: string, path: string, body: object, unknown: string][] = [
        ['POST', '/v1/products', { ...product, sku: 'U-1', likes: 9 }, 'likes'],
        ['PATCH', `/v1/products/${id}`, { name: 'A', sku: 'U-2' }, 'sku'],
        ['POST', `/v1/products/${id}/restocks`, { quantity: 1, quantiy: 2 }, 'quantiy'],
        ['POST', '/v1/wallets/me/charges', { amount: 1, currency: 'USD' }, 'currency'],
        ['POST', '/v1/orders', { ...orderOf(id), coupon: 'x' }, 'coupon'],
        [
          'POST',
          '/v1/orders',
          { items: [{ productId: id, quantity: 1, unitPrice: 0 }] },
          'items.0.unitPrice',
        ],
        ['POST', `/v1/orders/${order.body.id}/payments`, { method: 'points', token: 'x' }, 'token'],
        ['POST', `/v1/orders/${order.body.id}/cancellations`, { reason: 'x' }, 'reason'],
      ];
      for (const [method, path, body, unknown] of bodies) {
        const answer = await admin.send(method, path, body);
        expectProblem(answer, 400, 'validation_failed');
        expect(refusedPaths(answer)).to.deep.equal([unknown]);
      }
    });

    it('refuses a product that lacks a field, or a change that changes nothing', async () => {
      const { admin } = service();
      const whole: Record<string, unknown> = { ...product, sku: 'M-1' };
      for (const field of Object.keys(whole)) {
        const { [field]: _, ...rest } = whole;
        const answer = await admin.post('/v1/products', rest);
        expectProblem(answer, 400, 'validation_failed');
        expect(refusedPaths(answer)).to.deep.equal([field]);
      }
      const id = await addProduct(admin);
      expectProblem(await admin.patch(`/v1/products/${id}`, {}), 400, 'validation_failed');
      expectProblem(await admin.patch(`/v1/products/${NOBODY}`, {}), 400, 'validation_failed');
    });

    it('takes a sku once', async () => {
      const { admin } = service();
      const body = { ...product, sku: 'ONCE' };
      expect((await admin.post('/v1/products', body)).status).to.equal(201);
      const again = await admin.post('/v1/products', { ...body, name: 'Other' });
      expectProblem(again, 409, 'sku_taken');
      expect(again.body.sku).to.equal('ONCE');
      expect((await admin.post('/v1/products', { ...body, sku: 'once' })).status).to.equal(201);
    });
  });
}
