import { expect } from 'chai';
import { eventually } from '../../../../tools/servers/eventually.js';
import type { ApiClient } from '../../../support/api-client.js';
import { backends } from '../../../support/backends.js';
import { HURRIED, startSandbox } from '../../../support/sandbox.js';
import { addProduct, orderOf, tally } from '../../../support/shop.js';
import { startTestService, type TestService } from '../../../support/test-service.js';
import { expectProblem, refusedPaths } from '../support/problem.js';

const PRICE = 300;

for (const backend of backends) {
  describe(`payments by card on ${backend.name}`, () => {
    let resources: AsyncDisposableStack;
    let sandbox: Awaited<ReturnType<typeof startSandbox>>;
    let service: TestService;
    let user: ApiClient;
    let productId: string;
    let late: PromiseWithResolvers<void>;

    beforeEach(() => {
      late = Promise.withResolvers();
    });

    before(async () => {
      resources = new AsyncDisposableStack();
      sandbox = resources.use(await startSandbox({ untilLate: () => late.promise }));
      service = resources.use(await startTestService(backend, sandbox.env));
      user = await service.customer('alice');
      productId = await addProduct(service.admin, { price: PRICE, stock: 1_000 });
    });

    after(() => resources.disposeAsync());

    async function place(): Promise<string> {
      return (await user.post('/v1/orders', orderOf(productId))).body.id;
    }

    const pay = (orderId: string, token: string, headers = {}) =>
      user.post(`/v1/orders/${orderId}/payments`, { method: 'card', token }, headers);
    const cancel = (orderId: string) => user.post(`/v1/orders/${orderId}/cancellations`);
    const statusOf = async (orderId: string) =>
      (await user.get(`/v1/orders/${orderId}`)).body.status;

    /** Waits until no payment of the order is in progress. */
    async function settled(orderId: string, sums: object): Promise<void> {
      const nothing = { charges: 1, authorised: 0, captured: 0, refunded: 0, voided: 0 };
      await eventually(() =>
        expect(sandbox.sums(orderId)).to.deep.equal({ orderId, ...nothing, ...sums }),
      );
    }

    for (const token of ['tok_success', 'tok_twice']) {
      it(`take the order's total once, with ${token}`, async () => {
        const orderId = await place();
        const { status, body } = await pay(orderId, token);
        expect(status, JSON.stringify(body)).to.equal(201);
        const { order, ...payment } = body;
        expect(payment).to.include({ orderId, userId: 'alice', method: 'card', amount: PRICE });
        expect(order).to.deep.equal((await user.get(`/v1/orders/${orderId}`)).body);
        expect(order).to.include({ status: 'PAID', version: 2 });
        await settled(orderId, { captured: PRICE });
      });
    }

    for (const token of ['tok_declined', 'tok_insufficient', 'nobody knows it']) {
      it(`are declined with ${token}, and the order can be paid with another card`, async () => {
        const orderId = await place();
        expectProblem(await pay(orderId, token), 402, 'card_declined');
        expect(await statusOf(orderId)).to.equal('PENDING_PAYMENT');
        expect((await pay(orderId, 'tok_success')).status).to.equal(201);
        await settled(orderId, { charges: 2, captured: PRICE });
      });
    }

    it('give the first answer again, also after the order has changed', async () => {
      const orderId = await place();
      const key = { 'Idempotency-Key': `again ${orderId}` };
      const first = await pay(orderId, 'tok_success', key);
      await cancel(orderId);
      const again = await pay(orderId, 'tok_success', key);
      expect(again.headers.get('idempotency-replayed')).to.equal('true');
      expect({ status: again.status, body: again.body }).to.deep.equal({
        status: 201,
        body: first.body,
      });
      const refused = await pay(orderId, 'tok_declined', key);
      expectProblem(refused, 422, 'idempotency_key_reused');
      await settled(orderId, { captured: PRICE, refunded: PRICE });
    });

    it('repeat a declined card under its key', async () => {
      const orderId = await place();
      const key = { 'Idempotency-Key': `declined ${orderId}` };
      const first = await pay(orderId, 'tok_declined', key);
      const again = await pay(orderId, 'tok_declined', key);
      expectProblem(again, 402, 'card_declined');
      expect(again.body).to.deep.equal(first.body);
      await settled(orderId, {});
    });

    it('are made once by ten concurrent requests', async () => {
      const orderId = await place();
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => pay(orderId, 'tok_success')),
      );
      expect(tally(answers)).to.deep.equal({ 201: 1, 409: 9 });
      for (const answer of answers.filter(({ status }) => status === 409)) {
        expectProblem(answer, 409, 'order_not_payable');
      }
      await settled(orderId, { captured: PRICE });
    });

    it('are made once by ten concurrent requests with one key', async () => {
      const orderId = await place();
      const key = { 'Idempotency-Key': `ten ${orderId}` };
      const ten = Array.from({ length: 10 }, () => pay(orderId, 'tok_success', key));
      for (const answer of await Promise.all(ten)) {
        if (answer.status !== 201) expectProblem(answer, 409, 'idempotency_in_progress');
      }
      await settled(orderId, { captured: PRICE });
      expect((await pay(orderId, 'tok_success', key)).status).to.equal(201);
    });

    it('are refunded when the order is cancelled, once', async () => {
      const orderId = await place();
      await pay(orderId, 'tok_success');
      const cancelled = await cancel(orderId);
      expect(cancelled.status).to.equal(201);
      expect(cancelled.body).to.include({ status: 'CANCELLED', refunded: PRICE });
      expectProblem(await cancel(orderId), 409, 'order_not_cancellable');
      await settled(orderId, { captured: PRICE, refunded: PRICE });
      expect((await user.get('/v1/wallets/me')).body.balance).to.equal(0);
    });

    it('take nothing when the order is cancelled before the authorisation', async () => {
      const orderId = await place();
      const paying = pay(orderId, 'tok_late');
      await eventually(() => expect(sandbox.sums(orderId)).to.include({ charges: 1 }));
      expect((await cancel(orderId)).body).to.include({ status: 'CANCELLED', refunded: 0 });
      late.resolve();
      expectProblem(await paying, 409, 'order_not_payable');
      await settled(orderId, { voided: PRICE });
    });

    it('take nothing when the order is paid with points meanwhile', async () => {
      const orderId = await place();
      await user.post('/v1/wallets/me/charges', { amount: PRICE });
      const paying = pay(orderId, 'tok_late');
      await eventually(() => expect(sandbox.sums(orderId)).to.include({ charges: 1 }));
      const points = await user.post(`/v1/orders/${orderId}/payments`, { method: 'points' });
      expect(points.status).to.equal(201);
      late.resolve();
      expectProblem(await paying, 409, 'order_not_payable');
      await settled(orderId, { voided: PRICE });
      expect(await statusOf(orderId)).to.equal('PAID');
    });

    it('refuse a repeat and a second card while the first payment runs', async () => {
      const orderId = await place();
      const key = { 'Idempotency-Key': `slow ${orderId}` };
      const paying = pay(orderId, 'tok_late', key);
      await eventually(() => expect(sandbox.sums(orderId)).to.include({ charges: 1 }));
      const repeat = await pay(orderId, 'tok_late', key);
      expectProblem(repeat, 409, 'idempotency_in_progress');
      expect(repeat.headers.get('retry-after')).to.match(/^\d+$/);
      expectProblem(await pay(orderId, 'tok_success'), 409, 'order_not_payable');
      late.resolve();
      expect((await paying).status).to.equal(201);
      await settled(orderId, { captured: PRICE });
    });

    it("hide another customer's order, and refuse one that has ended", async () => {
      const orderId = await place();
      const mallory = await service.customer('mallory');
      const body = { method: 'card', token: 'tok_success' };
      const theft = await mallory.post(`/v1/orders/${orderId}/payments`, body);
      expectProblem(theft, 404, 'order_not_found');
      await cancel(orderId);
      expectProblem(await pay(orderId, 'tok_success'), 409, 'order_not_payable');
      expect(sandbox.sums(orderId)).to.equal(undefined);
    });

    it('refuse a text that looks like a card number, and repeat no part of it', async () => {
      const orderId = await place();
      const numbers = ['4242424242424242', '4242 4242 4242 4242', '3782-822463-10005'];
      for (const number of [...numbers, '6304000000000000018', '4222222222222']) {
        const answer = await pay(orderId, number);
        expectProblem(answer, 400, 'validation_failed');
        expect(refusedPaths(answer)).to.deep.equal(['token']);
        expect(JSON.stringify(answer.body)).to.include('card number').and.not.include(number);
      }
      // Not a card number: the check digit is wrong, or there are too few or too many digits.
      for (const token of ['4242424242424241', '424242424242', '42424242424242424242']) {
        expectProblem(await pay(orderId, token), 402, 'card_declined');
      }
    });

    it('are shown to operators', async () => {
      await eventually(async () => {
        const ready = (await user.get('/readyz')).body;
        expect(ready.dependencies.payment_gateway).to.deep.equal({ status: 'up' });
        const metrics = (await user.get('/metrics')).body;
        expect(metrics).to.match(/^card_payment_transitions_total\{to="CAPTURED",.*\} [1-9]/m);
        expect(metrics).to.match(/^card_payments_open\{status="STARTED",.*\} \d/m);
        expect(metrics).to.match(
          /^payment_gateway_seconds_count\{.*call="capture",outcome="captured"\} [1-9]/m,
        );
      });
    });
  });

  describe(`payments by card on ${backend.name} when the gateway is silent`, () => {
    let resources: AsyncDisposableStack;
    let sandbox: Awaited<ReturnType<typeof startSandbox>>;
    let user: ApiClient;
    let productId: string;

    before(async () => {
      resources = new AsyncDisposableStack();
      sandbox = resources.use(await startSandbox());
      const env = { ...sandbox.env, ...HURRIED };
      const service = resources.use(await startTestService(backend, env));
      user = await service.customer('alice');
      productId = await addProduct(service.admin, { price: PRICE, stock: 1_000 });
    });

    after(() => resources.disposeAsync());

    const pay = (orderId: string, token: string, headers: Record<string, string>) =>
      user.post(`/v1/orders/${orderId}/payments`, { method: 'card', token }, headers);

    for (const token of ['tok_timeout', 'tok_late']) {
      it(`are made once with ${token}, and a repeat gets the outcome`, async () => {
        const orderId = (await user.post('/v1/orders', orderOf(productId))).body.id;
        const key = { 'Idempotency-Key': `${token} ${orderId}` };
        const first = await pay(orderId, token, key);
        if (first.status !== 201 || token === 'tok_timeout') {
          expectProblem(first, 503, 'dependency_unavailable');
          expect(first.body.dependency).to.equal('payment_gateway');
        }
        // Repeats the request with the same key until there is an answer, like any client.
        const again = await eventually(async () => {
          const answer = await pay(orderId, token, key);
          expect(answer.status, JSON.stringify(answer.body)).to.equal(201);
          return answer;
        });
        expect(again.headers.get('idempotency-replayed')).to.equal('true');
        expect(again.body.order.status).to.equal('PAID');
        await eventually(() =>
          expect(sandbox.sums(orderId)).to.include({ authorised: 0, captured: PRICE }),
        );
      });
    }
  });
}
