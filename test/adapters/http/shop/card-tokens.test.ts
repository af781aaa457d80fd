import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { cardToken } from '../../../../src/adapters/http/schemas/card-token.js';
import { eventually } from '../../../../tools/servers/eventually.js';
import { findFreePort } from '../../../../tools/servers/free-port.js';
import { ApiClient } from '../../../support/api-client.js';
import { embedded } from '../../../support/backends.js';
import { InstanceProcess } from '../../../support/instance-process.js';
import { addProduct, orderOf } from '../../../support/shop.js';
import { dump } from '../support/database-dump.js';

describe("a card's token", () => {
  for (const token of [
    '4242424242424242',
    '4242 4242 4242 4242',
    '4242-4242-4242-4242',
    '4242.4242.4242.4242',
    '4242_4242_4242_4242',
    '4242/4242/4242/4242',
    '4242:4242,4242*4242',
    'tok_4242424242424242',
    '4242424242424242_tok',
    'card4242.4242.4242.4242visa',
    'pan=3782-822463-10005;cvc=123',
    '6011000990139424',
  ]) {
    it(`is refused when it holds the number of a card: ${token}`, () => {
      expect(cardToken.safeParse(token).success).to.equal(false);
    });
  }

  it('is refused when it is the number in the digits of another script', () => {
    expect(cardToken.safeParse('４２４２４２４２４２４２４２４２').success).to.equal(false);
  });

  for (const token of [
    'tok_success',
    'tok_1NXWPnFCQwQ7a8Xx6yZk3bTd',
    '00000000-0000-4000-8000-000000000000',
    'tok_42424242-4242-4242-4242-424242424242',
    'card_424242424242',
    '4242 4242 4242 4241',
    'tok_4242424242424241',
  ]) {
    it(`is accepted when it contains no card number: ${token}`, () => {
      expect(cardToken.safeParse(token).success).to.equal(true);
    });
  }

  it('is accepted for any UUID', () => {
    const uuids = Array.from({ length: 20_000 }, () => `tok_${randomUUID()}`);
    expect(uuids.filter((token) => !cardToken.safeParse(token).success)).to.deep.equal([]);
  });

  it('is neither logged nor stored in any failure, and the number of a card neither', async () => {
    await using open = await embedded.open();
    // Nothing listens at this address, so every kind of failure is logged.
    const url = `http://127.0.0.1:${await findFreePort()}`;
    const gateway = { PAYMENT_GATEWAY_URL: url, PAYMENT_GATEWAY_KEY: 'secret-of-the-gateway' };
    const env = { ...open.env, ...gateway, LOG_LEVEL: 'trace' };
    await using instance = await InstanceProcess.start(env);
    let log = '';
    instance.listen((text) => {
      log += text;
    });
    const admin = await ApiClient.of(instance.url, env, 'admin', 'admin');
    const order = await admin.post('/v1/orders', orderOf(await addProduct(admin)));
    const path = `/v1/orders/${order.body.id}/payments`;
    const key = { 'Idempotency-Key': 'once' };
    for (const token of ['tok_private', '4242424242424242', 'tok_private_\u0000']) {
      await admin.post(path, { method: 'card', token }, key);
    }
    await admin.post(path, '{"method":"card","token":"tok_private"');
    await admin.post(path, { method: 'card', token: 'tok_private', tok_private: 1 });
    await eventually(() => {
      expect(log)
        .to.include('request failed')
        .and.include('a step of a card payment failed and is tried again');
      expect(log).to.include('"statusCode":400');
    });
    const stored = JSON.stringify(await dump(env));
    expect(stored, 'the payment itself').to.include(order.body.id);
    for (const secret of ['tok_private', '4242424242424242', 'secret-of-the-gateway']) {
      expect(log).not.to.include(secret);
      expect(stored).not.to.include(secret);
    }
  });
});
