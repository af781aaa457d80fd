import { expect } from 'chai';
import { LockPort } from '../../../../src/domain/ports/lock-port.js';
import type { ApiClient, ApiResponse } from '../../../support/api-client.js';
import { backends } from '../../../support/backends.js';
import { addProduct, orderOf, readAll, tally } from '../../../support/shop.js';
import { expectProblem } from '../support/problem.js';
import { runningService } from '../support/running-service.js';

for (const backend of backends) {
  describe(`idempotency keys on ${backend.name}`, () => {
    const service = runningService(backend);
    let user: ApiClient;
    let productId: string;

    before(async () => {
      user = await service().customer('repeater');
      await user.post('/v1/wallets/me/charges', { amount: 100_000 });
      productId = await addProduct(service().admin, { stock: 1000 });
    });

    function keyed(key: string): Record<string, string> {
      return { 'Idempotency-Key': key };
    }

    function expectReplay(again: ApiResponse, first: ApiResponse): void {
      expect(again.headers.get('idempotency-replayed')).to.equal('true');
      expect(first.headers.get('idempotency-replayed')).to.equal(null);
      expect({ status: again.status, body: again.body }).to.deep.equal({
        status: first.status,
        body: first.body,
      });
      for (const name of ['location', 'etag', 'content-type']) {
        expect(again.headers.get(name), name).to.equal(first.headers.get(name));
      }
    }

    async function placeOrder(): Promise<string> {
      return (await user.post('/v1/orders', orderOf(productId))).body.id;
    }

    async function stateOfAll() {
      const [wallet, orders, entries, stock] = await Promise.all([
        user.get('/v1/wallets/me'),
        readAll(user, '/v1/orders'),
        readAll(user, '/v1/wallets/me/entries'),
        user.get(`/v1/products/${productId}/stock`),
      ]);
      return { wallet: wallet.body, orders, entries, stock: stock.body };
    }

    const posts: Record<string, () => Promise<[path: string, body: unknown, admin?: 'admin']>> = {
      'a new product': async () => {
        const sku = `IDEM-${Date.now()}`;
        const product = { sku, name: 'Cup 🍵', price: 5, category: 'x', stock: 1 };
        return ['/v1/products', product, 'admin'];
      },
      'a restock': async () => [`/v1/products/${productId}/restocks`, { quantity: 3 }, 'admin'],
      'a charge': async () => ['/v1/wallets/me/charges', { amount: 70 }],
      'an order': async () => ['/v1/orders', orderOf(productId, 2)],
      'a payment': async () => [`/v1/orders/${await placeOrder()}/payments`, { method: 'points' }],
      'a cancellation': async () => [`/v1/orders/${await placeOrder()}/cancellations`, undefined],
      'a cancellation of a paid order': async () => {
        const id = await placeOrder();
        await user.post(`/v1/orders/${id}/payments`, { method: 'points' });
        return [`/v1/orders/${id}/cancellations`, undefined];
      },
    };

    for (const [what, prepare] of Object.entries(posts)) {
      it(`answers ${what} that is sent again as the first time, with no second effect`, async () => {
        const [path, body, admin] = await prepare();
        const caller = admin ? service().admin : user;
        const first = await caller.post(path, body, keyed(`again ${what}`));
        expect(first.status, JSON.stringify(first.body)).to.equal(201);
        const before = await stateOfAll();
        expectReplay(await caller.post(path, body, keyed(`again ${what}`)), first);
        expectReplay(await caller.post(path, body, keyed(`again ${what}`)), first);
        expect(await stateOfAll()).to.deep.equal(before);
      });
    }

    it('answers many concurrent repeats with the first answer, after the first request has ended', async () => {
      const send = () => user.post('/v1/wallets/me/charges', { amount: 1 }, keyed('many repeats'));
      const first = await send();
      const repeats = await Promise.all(Array.from({ length: 20 }, send));
      expect(tally(repeats)).to.deep.equal({ 201: 20 });
      for (const repeat of repeats) expectReplay(repeat, first);
    });

    it('repeats a refusal, also when its reason no longer exists', async () => {
      const poor = await service().customer('poor');
      const scarce = await addProduct(service().admin, { stock: 0, price: 10 });
      const send = () => poor.post('/v1/orders', orderOf(scarce), keyed('scarce'));
      const first = await send();
      expectProblem(first, 409, 'insufficient_stock');
      await service().admin.post(`/v1/products/${scarce}/restocks`, { quantity: 5 });
      expectReplay(await send(), first);
      const order = await poor.post('/v1/orders', orderOf(scarce), keyed('scarce, once more'));
      const pay = () =>
        poor.post(`/v1/orders/${order.body.id}/payments`, { method: 'points' }, keyed('pay'));
      const unpaid = await pay();
      expectProblem(unpaid, 409, 'insufficient_points');
      await poor.post('/v1/wallets/me/charges', { amount: 10 });
      expectReplay(await pay(), unpaid);
      expect((await poor.get('/v1/wallets/me')).body.balance).to.equal(10);
    });

    it('repeats every kind of refusal of the domain', async () => {
      const nobody = '01938f2e-8c3a-7b6e-9d1a-2f4c5e6a7b8c';
      const order = await placeOrder();
      await user.post(`/v1/orders/${order}/cancellations`);
      const { sku } = (await user.get(`/v1/products/${productId}`)).body;
      const product = { sku, name: 'x', price: 1, category: 'x', stock: 1 };
      const requests: [path: string, body: unknown, code: string][] = [
        ['/v1/products', product, 'sku_taken'],
        ['/v1/orders', orderOf(nobody), 'product_not_found'],
        [`/v1/products/${nobody}/restocks`, { quantity: 1 }, 'product_not_found'],
        [`/v1/orders/${nobody}/payments`, { method: 'points' }, 'order_not_found'],
        [`/v1/orders/${nobody}/cancellations`, undefined, 'order_not_found'],
      ];
      for (const [path, body, code] of requests) {
        const send = () => service().admin.post(path, body, keyed(`refused ${path}`));
        const first = await send();
        expect(first.body.code).to.equal(code);
        expectReplay(await send(), first);
      }
      for (const action of ['payments', 'cancellations']) {
        const body = action === 'payments' ? { method: 'points' } : undefined;
        const send = () =>
          user.post(`/v1/orders/${order}/${action}`, body, keyed(`ended ${action}`));
        const first = await send();
        expect(first.status).to.equal(409);
        expectReplay(await send(), first);
      }
    });

    it('answers 422 to a key that comes with another request', async () => {
      const key = keyed('taken');
      await user.post('/v1/wallets/me/charges', { amount: 1 }, key);
      const before = await stateOfAll();
      for (const [path, body] of [
        ['/v1/wallets/me/charges', { amount: 2 }],
        ['/v1/orders', orderOf(productId)],
        [`/v1/products/${productId}/restocks`, { quantity: 1 }],
      ] as const) {
        const caller = path.endsWith('restocks') ? undefined : user;
        if (caller)
          expectProblem(await caller.post(path, body, key), 422, 'idempotency_key_reused');
      }
      const other = await placeOrder();
      const payment = await user.post(`/v1/orders/${other}/payments`, { method: 'points' }, key);
      expectProblem(payment, 422, 'idempotency_key_reused');
      expectProblem(
        await user.post(`/v1/orders/${other}/cancellations`, undefined, key),
        422,
        'idempotency_key_reused',
      );
      expect((await user.get(`/v1/orders/${other}`)).body.status).to.equal('PENDING_PAYMENT');
      expect((await stateOfAll()).wallet).to.deep.equal(before.wallet);
    });

    it('answers 422 to a key whose first request was refused, too', async () => {
      const key = keyed('refused, then other');
      const nobody = '01938f2e-8c3a-7b6e-9d1a-2f4c5e6a7b8c';
      await user.post(`/v1/orders/${nobody}/cancellations`, undefined, key);
      const charge = await user.post('/v1/wallets/me/charges', { amount: 1 }, key);
      expectProblem(charge, 422, 'idempotency_key_reused');
    });

    it('keeps the keys of one caller apart from those of another', async () => {
      const other = await service().customer('other-repeater');
      const mine = await user.post('/v1/wallets/me/charges', { amount: 11 }, keyed('shared'));
      const theirs = await other.post('/v1/wallets/me/charges', { amount: 22 }, keyed('shared'));
      expect(theirs.status).to.equal(201);
      expect(theirs.body.entry.amount).to.equal(22);
      expect(theirs.body.entry.id).to.not.equal(mine.body.entry.id);
    });

    it('keeps keys apart that differ in one character', async () => {
      for (const key of ['k', 'K', 'k.', 'kk', "k'", 'k;', 'k'.repeat(255)]) {
        const answer = await user.post('/v1/wallets/me/charges', { amount: 1 }, keyed(key));
        expect(answer.status, key).to.equal(201);
        expect(answer.headers.get('idempotency-replayed'), key).to.equal(null);
      }
    });

    it('refuses a key that is empty or has 256 characters', async () => {
      for (const key of ['', ' ', 'k'.repeat(256)]) {
        const answer = await user.post('/v1/wallets/me/charges', { amount: 1 }, keyed(key));
        expectProblem(answer, 400, 'validation_failed');
        expect(answer.body.errors[0].path).to.equal('Idempotency-Key');
      }
    });

    it('treats another spelling of the same body as the same request', async () => {
      const [one, two] = await Promise.all([1, 2].map(() => addProduct(service().admin)));
      const spellings = [
        `{"items":[{"productId":"${one}","quantity":2},{"productId":"${two}","quantity":1}]}`,
        `{ "items" : [ {"quantity":2.0,"productId":"${one?.toUpperCase()}"},\n` +
          `  {"quantity":1e0, "productId":"${two}"} ] }`,
      ] as const;
      const first = await user.post('/v1/orders', spellings[0], keyed('spelling'));
      expect(first.status).to.equal(201);
      expectReplay(await user.post('/v1/orders', spellings[1], keyed('spelling')), first);
    });

    it('treats another spelling of the id in the path as the same request', async () => {
      const order = await placeOrder();
      const key = keyed('path spelling');
      const first = await user.post(`/v1/orders/${order}/cancellations`, undefined, key);
      const path = `/v1/orders/${order.toUpperCase()}/cancellations`;
      expectReplay(await user.post(path, undefined, key), first);
    });

    it('treats a cancellation with an empty object and without a body as the same request', async () => {
      const path = `/v1/orders/${await placeOrder()}/cancellations`;
      const first = await user.post(path, undefined, keyed('empty body'));
      expectReplay(await user.post(path, {}, keyed('empty body')), first);
    });

    it('does not use a key up on a request that fails validation or authentication', async () => {
      const key = keyed('unused');
      const path = '/v1/wallets/me/charges';
      expect((await user.post(path, { amount: 0 }, key)).status).to.equal(400);
      expect((await user.post(path, '{', key)).status).to.equal(400);
      expect(
        (await user.post(path, 'x', { ...key, 'content-type': 'text/plain' })).status,
      ).to.equal(415);
      expect((await user.post('/v1/orders/1/payments', {}, key)).status).to.equal(404);
      expect((await user.post('/v1/products', {}, key)).status).to.equal(403);
      expect((await service().anyone.post(path, { amount: 5 }, key)).status).to.equal(401);
      const answer = await user.post(path, { amount: 5 }, key);
      expect(answer.status).to.equal(201);
      expect(answer.headers.get('idempotency-replayed')).to.equal(null);
    });

    it('answers 409 with Retry-After while the first request still runs', async () => {
      const busy = await addProduct(service().admin);
      const lease = await service()
        .service.container.get(LockPort)
        .acquire([`stock:${busy}`]);
      const send = () => user.post('/v1/orders', orderOf(busy), keyed('running'));
      const pair = [send(), send()];
      const early = await Promise.race(pair);
      expectProblem(early, 409, 'idempotency_in_progress');
      expect(early.headers.get('retry-after')).to.match(/^\d+$/);
      await lease.release();
      const answers = await Promise.all(pair);
      expect(tally(answers)).to.deep.equal({ 201: 1, 409: 1 });
      const first = answers.find(({ status }) => status === 201);
      const later = await send();
      expect(later.headers.get('idempotency-replayed')).to.equal('true');
      expect(later.body).to.deep.equal(first?.body);
    });

    it('never takes the running request of another caller for this one', async () => {
      const busy = await addProduct(service().admin);
      const lease = await service()
        .service.container.get(LockPort)
        .acquire([`stock:${busy}`]);
      const send = async (caller: string, key: string) =>
        (await service().customer(caller)).post('/v1/orders', orderOf(busy), keyed(key));
      const pair = [send('team:ann', 'k'), send('team:ann', 'k')];
      await Promise.race(pair);
      const other = await service().customer('team');
      const answer = await other.post('/v1/wallets/me/charges', { amount: 1 }, keyed('ann:k'));
      await lease.release();
      await Promise.all(pair);
      expect(answer.status, JSON.stringify(answer.body)).to.equal(201);
    });
  });
}
