import { appendFile, readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { v7 } from 'uuid';
import { HttpPaymentGateway } from '../../../src/adapters/payment/http-payment-gateway.js';
import { rejection } from '../../support/rejection.js';
import { startSandbox } from '../../support/sandbox.js';

const SETTINGS = { timeoutMs: 30_000, attempts: 2 };

function request(token = 'tok_success') {
  return { reference: v7(), orderId: v7(), amount: 700, token };
}

describe('The payment sandbox', () => {
  it('has all charges after a kill, also in the middle of a line', async () => {
    await using first = await startSandbox();
    const gateway = new HttpPaymentGateway({ url: first.url, key: first.key, ...SETTINGS });
    const [one, two, declined] = [request(), request(), request('tok_declined')];
    for (const asked of [one, two, declined]) await gateway.authorise(asked);
    await gateway.capture(one.reference);
    await gateway.refund(one.reference);
    await gateway.capture(two.reference);
    await appendFile(first.file, '{"number":9,"key":"x","ref');

    await using second = await startSandbox({ file: first.file });
    expect(second.orders()).to.deep.equal(first.orders());
    const again = new HttpPaymentGateway({ url: second.url, key: second.key, ...SETTINGS });
    expect((await again.authorise(one)).status).to.equal('refunded');
    expect((await again.find(two.reference))?.status).to.equal('captured');
    await again.refund(two.reference);
    expect(second.sums(two.orderId)).to.include({ charges: 1, captured: 700, refunded: 700 });
    await using third = await startSandbox({ file: first.file });
    expect(third.orders()).to.deep.equal(second.orders());
  });

  it('makes another charge for another key, as a bank does', async () => {
    await using sandbox = await startSandbox();
    const asked = request();
    for (const key of ['one', 'two', 'two']) {
      await fetch(`${sandbox.url}/charges`, {
        method: 'POST',
        headers: { authorization: `Bearer ${sandbox.key}`, 'idempotency-key': key },
        body: JSON.stringify(asked),
      });
    }
    expect(sandbox.sums(asked.orderId)).to.include({ charges: 2, authorised: 1400 });
  });

  it('shows its ledger to clients with the key, and stores no token', async () => {
    await using sandbox = await startSandbox();
    const gateway = new HttpPaymentGateway({ url: sandbox.url, key: sandbox.key, ...SETTINGS });
    const asked = request();
    await gateway.authorise(asked);
    await gateway.capture(asked.reference);
    const headers = { authorization: `Bearer ${sandbox.key}` };
    const ledger = await fetch(`${sandbox.url}/ledger`, { headers });
    expect(await ledger.json()).to.deep.equal({ orders: sandbox.orders() });
    expect((await fetch(`${sandbox.url}/ledger`)).status).to.equal(401);
    expect(await readFile(sandbox.file, 'utf8'))
      .to.include('captured')
      .and.not.include('tok_');
  });

  it('refuses a malformed charge, and responds with 404 to an unknown reference', async () => {
    await using sandbox = await startSandbox();
    const headers = { authorization: `Bearer ${sandbox.key}`, 'idempotency-key': 'k' };
    const post = async (path: string, body: string) =>
      (await fetch(`${sandbox.url}${path}`, { method: 'POST', headers, body })).status;
    expect(await post('/charges', '{')).to.equal(400);
    expect(await post('/charges', '{"token":"tok_success"}')).to.equal(400);
    expect(await post(`/charges/${v7()}/capture`, '')).to.equal(404);
    expect(await post('/nowhere', '')).to.equal(404);
    const gateway = new HttpPaymentGateway({ url: sandbox.url, key: 'another', ...SETTINGS });
    expect(await rejection(gateway.authorise(request()))).to.be.instanceOf(Error);
    expect(sandbox.orders()).to.deep.equal([]);
  });
});
