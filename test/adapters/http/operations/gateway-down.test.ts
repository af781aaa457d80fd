import { expect } from 'chai';
import { eventually } from '../../../../tools/servers/eventually.js';
import { findFreePort } from '../../../../tools/servers/free-port.js';
import { embedded } from '../../../support/backends.js';
import { startSandbox } from '../../../support/sandbox.js';
import { addProduct, orderOf } from '../../../support/shop.js';
import { startTestService } from '../../../support/test-service.js';
import { expectProblem } from '../support/problem.js';

describe('payments by card while the gateway is down', () => {
  it('are refused as unavailable, and succeed with the same key when the gateway is up again', async () => {
    const port = await findFreePort();
    const url = `http://127.0.0.1:${port}`;
    const gateway = { PAYMENT_GATEWAY_URL: url, PAYMENT_GATEWAY_KEY: 'test-key' };
    await using service = await startTestService(embedded, gateway);
    const user = await service.customer('alice');
    const productId = await addProduct(service.admin, { price: 5 });
    const { id } = (await user.post('/v1/orders', orderOf(productId))).body;
    const key = { 'Idempotency-Key': 'once' };
    const pay = () =>
      user.post(`/v1/orders/${id}/payments`, { method: 'card', token: 'tok_success' }, key);

    const refused = await pay();
    expectProblem(refused, 503, 'dependency_unavailable');
    expect(refused.body.dependency).to.equal('payment_gateway');
    expect(refused.headers.get('retry-after')).to.match(/^\d+$/);
    await eventually(async () => {
      const ready = await user.get('/readyz');
      expect({ status: ready.status, body: ready.body }).to.deep.equal({
        status: 200,
        body: {
          status: 'degraded',
          dependencies: { database: { status: 'up' }, payment_gateway: { status: 'down' } },
        },
      });
    });

    await using sandbox = await startSandbox({ port });
    const paid = await eventually(async () => {
      const answer = await pay();
      expect(answer.status, JSON.stringify(answer.body)).to.equal(201);
      return answer;
    });
    expect(paid.body.order.status).to.equal('PAID');
    await eventually(async () => {
      expect((await user.get('/readyz')).body.status).to.equal('ready');
      expect(sandbox.sums(id)).to.include({ charges: 1, captured: 5 });
    });
  });

  it('start again under the same key after the first try was abandoned', async () => {
    const port = await findFreePort();
    const gateway = {
      PAYMENT_GATEWAY_URL: `http://127.0.0.1:${port}`,
      PAYMENT_GATEWAY_KEY: 'test-key',
      PAYMENT_ABANDON_AFTER_MS: '1',
      PAYMENT_SWEEP_MS: '50',
    };
    await using service = await startTestService(embedded, gateway);
    const user = await service.customer('alice');
    const productId = await addProduct(service.admin, { price: 5 });
    const { id } = (await user.post('/v1/orders', orderOf(productId))).body;
    const key = { 'Idempotency-Key': 'once' };
    const pay = () =>
      user.post(`/v1/orders/${id}/payments`, { method: 'card', token: 'tok_success' }, key);
    expectProblem(await pay(), 503, 'dependency_unavailable');

    await using sandbox = await startSandbox({ port });
    await eventually(async () => {
      const metrics = (await user.get('/metrics')).body;
      expect(metrics).to.match(/^card_payment_transitions_total\{to="VOIDED",.*\} 1$/m);
    });
    const paid = await pay();
    expect(paid.status, JSON.stringify(paid.body)).to.equal(201);
    expect((await pay()).body).to.deep.equal(paid.body);
    expect(sandbox.sums(id)).to.include({ charges: 1, captured: 5 });
  });

  it('need no gateway server when none is configured', async () => {
    await using service = await startTestService(embedded);
    const user = await service.customer('alice');
    const productId = await addProduct(service.admin, { price: 5 });
    const { id } = (await user.post('/v1/orders', orderOf(productId))).body;
    const pay = (token: string) =>
      user.post(`/v1/orders/${id}/payments`, { method: 'card', token });
    expectProblem(await pay('tok_declined'), 402, 'card_declined');
    expect((await pay('tok_success')).body.order.status).to.equal('PAID');
    const cancelled = await user.post(`/v1/orders/${id}/cancellations`);
    expect(cancelled.body).to.include({ status: 'CANCELLED', refunded: 5 });
    await eventually(async () => {
      const metrics = (await user.get('/metrics')).body;
      expect(metrics).to.match(/^card_payment_transitions_total\{to="REFUNDED",.*\} 1$/m);
    });
  });
});
