import { expect } from 'chai';
import { eventually } from '../../../../tools/servers/eventually.js';
import type { ApiClient, ApiResponse } from '../../../support/api-client.js';
import { backends, serversWithKafka } from '../../../support/backends.js';
import { addProduct, orderOf, readAll, tally } from '../../../support/shop.js';
import { expectProblem } from '../support/problem.js';
import { runningService } from '../support/running-service.js';

const WITHIN = { withinMs: 60_000 };
const ASYNC = { Prefer: 'respond-async' };

for (const backend of [...backends, serversWithKafka]) {
  describe(`orders through the queue on ${backend.name}`, () => {
    const service = runningService(backend);
    let user: ApiClient;
    let serial = 0;

    beforeEach(async () => {
      user = await service().customer(`patient-${++serial}`);
    });

    const order = (body: object, headers: Record<string, string> = {}) =>
      user.post('/v1/orders', body, { ...ASYNC, ...headers });

    async function settled({ headers }: ApiResponse): Promise<ApiResponse> {
      return eventually(async () => {
        const answer = await user.get(headers.get('location') ?? '');
        expect(answer.body.status).not.to.equal('QUEUED');
        return answer;
      }, WITHIN);
    }

    it('are accepted at once and confirmed a little later', async () => {
      const productId = await addProduct(service().admin, { price: 30, stock: 5 });
      const accepted = await order(orderOf(productId, 2));
      expect(accepted.status).to.equal(202);
      expect(accepted.headers.get('preference-applied')).to.equal('respond-async');
      const { id, ...rest } = accepted.body;
      expect(rest).to.deep.equal({ status: 'QUEUED' });
      expect(accepted.headers.get('location')).to.equal(`/v1/order-requests/${id}`);
      const { body } = await settled(accepted);
      const { orderId, ...settlement } = body;
      expect(settlement).to.deep.equal({ id, status: 'CONFIRMED' });
      expect((await user.get(`/v1/orders/${orderId}`)).body).to.deep.include({
        userId: `patient-${serial}`,
        status: 'PENDING_PAYMENT',
        items: [{ productId, quantity: 2, unitPrice: 30 }],
        total: 60,
      });
      const stock = await user.get(`/v1/products/${productId}/stock`);
      expect(stock.body.available).to.equal(3);
    });

    it('are rejected with the code of the rule that refused the order', async () => {
      const scarce = await addProduct(service().admin, { stock: 1 });
      const unknown = '01938f2e-8c3a-7b6e-9d1a-2f4c5e6a7b8c';
      const dear = await addProduct(service().admin, { price: 2 ** 53 - 1, stock: 2 });
      for (const [productId, code] of [
        [scarce, 'insufficient_stock'],
        [unknown, 'product_not_found'],
        [dear, 'order_total_too_large'],
      ] as const) {
        const accepted = await order(orderOf(productId, 2));
        expect(accepted.status).to.equal(202);
        const { body } = await settled(accepted);
        expect(body).to.deep.equal({ id: accepted.body.id, status: 'REJECTED', code });
      }
      expect(await readAll(user, '/v1/orders')).to.deep.equal([]);
    });

    it('are settled in the order of arrival', async () => {
      const productId = await addProduct(service().admin, { stock: 10 });
      const accepted: ApiResponse[] = [];
      for (let i = 0; i < 20; i++) accepted.push(await order(orderOf(productId)));
      const statuses: string[] = [];
      for (const answer of accepted) statuses.push((await settled(answer)).body.status);
      const expected = statuses.map((_, i) => (i < 10 ? 'CONFIRMED' : 'REJECTED'));
      expect(statuses).to.deep.equal(expected);
    });

    it('take all of their items or none', async () => {
      const [plenty, scarce] = await Promise.all(
        [5, 1].map((stock) => addProduct(service().admin, { stock })),
      );
      const items = [plenty, scarce].map((productId) => ({ productId, quantity: 2 }));
      expect((await settled(await order({ items }))).body.code).to.equal('insufficient_stock');
      const stock = await user.get(`/v1/products/${plenty}/stock`);
      expect(stock.body.available).to.equal(5);
    });

    it('sell each unit once when queued orders and direct orders compete', async () => {
      const productId = await addProduct(service().admin, { stock: 30 });
      const both = Array.from({ length: 60 }, (_, i) =>
        i % 2 ? order(orderOf(productId)) : user.post('/v1/orders', orderOf(productId)),
      );
      const answers = await Promise.all(both);
      const queued = answers.filter(({ status }) => status === 202);
      const { 201: direct = 0 } = tally(answers);
      const outcomes = await Promise.all(queued.map(settled));
      const confirmed = outcomes.filter(({ body }) => body.status === 'CONFIRMED').length;
      expect(direct + confirmed).to.equal(30);
      expect(await readAll(user, '/v1/orders')).to.have.length(30);
    });

    it('are accepted once for one idempotency key', async () => {
      const productId = await addProduct(service().admin);
      const key = { 'Idempotency-Key': `queue-${serial}` };
      const first = await order(orderOf(productId), key);
      const repeats = await Promise.all([1, 2, 3].map(() => order(orderOf(productId), key)));
      for (const repeat of repeats) {
        expect(repeat.status).to.equal(202);
        expect(repeat.body).to.deep.equal(first.body);
        expect(repeat.headers.get('location')).to.equal(first.headers.get('location'));
        expect(repeat.headers.get('idempotency-replayed')).to.equal('true');
      }
      await settled(first);
      expect(await readAll(user, '/v1/orders')).to.have.length(1);
      expectProblem(await order(orderOf(productId, 2), key), 422, 'idempotency_key_reused');
    });

    it('give the first answer again, with and without Prefer in the repeat', async () => {
      const productId = await addProduct(service().admin);
      const direct = { 'Idempotency-Key': `direct-${serial}` };
      const first = await user.post('/v1/orders', orderOf(productId), direct);
      const again = await order(orderOf(productId), direct);
      expect(again.status).to.equal(201);
      expect(again.body).to.deep.equal(first.body);
      const queued = { 'Idempotency-Key': `queued-${serial}` };
      const accepted = await order(orderOf(productId), queued);
      const repeat = await user.post('/v1/orders', orderOf(productId), queued);
      expect(repeat.status).to.equal(202);
      expect(repeat.body).to.deep.equal(accepted.body);
    });

    it('are used for every spelling of Prefer in RFC 7240, and for nothing else', async () => {
      const productId = await addProduct(service().admin, { stock: 100 });
      for (const Prefer of ['Respond-Async', 'wait=10, respond-async', 'respond-async; foo=bar']) {
        expect((await order(orderOf(productId), { Prefer })).status, Prefer).to.equal(202);
      }
      for (const Prefer of [
        'x="a, respond-async"',
        'return=minimal',
        'x-respond-async',
        'wait="respond-async"',
      ]) {
        expect((await order(orderOf(productId), { Prefer })).status, Prefer).to.equal(201);
      }
    });

    it('do not exist for anyone but their owner, not even for an admin', async () => {
      const accepted = await order(orderOf(await addProduct(service().admin)));
      const path = `/v1/order-requests/${accepted.body.id}`;
      const other = await service().customer('curious');
      for (const client of [other, service().admin]) {
        for (const headers of [{}, { Accept: 'text/event-stream' }]) {
          expectProblem(await client.get(path, headers), 404, 'order_request_not_found');
        }
      }
      expectProblem(await user.get('/v1/order-requests/x'), 404, 'order_request_not_found');
    });

    it('are refused like direct ones when the body is wrong', async () => {
      expectProblem(await order({ items: [] }), 400, 'validation_failed');
    });
  });
}
