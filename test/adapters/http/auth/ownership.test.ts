import { expect } from 'chai';
import type { ApiClient } from '../../../support/api-client.js';
import { embedded } from '../../../support/backends.js';
import { addProduct, orderOf, readAll } from '../../../support/shop.js';
import { expectProblem } from '../support/problem.js';
import { runningService } from '../support/running-service.js';

describe('a resource of another user', () => {
  const service = runningService(embedded);
  let owner: ApiClient;
  let stranger: ApiClient;
  let productId: string;
  let orderId: string;

  before(async () => {
    owner = await service().customer('owner');
    stranger = await service().customer('stranger');
    for (const user of [owner, stranger]) {
      await user.post('/v1/wallets/me/charges', { amount: 1000 });
    }
    productId = await addProduct(service().admin);
    orderId = (await owner.post('/v1/orders', orderOf(productId))).body.id;
  });

  it('gets the answer for an order that does not exist, on every route', async () => {
    for (const user of [stranger, service().admin]) {
      const answers = [
        await user.get(`/v1/orders/${orderId}`),
        await user.post(`/v1/orders/${orderId}/payments`, { method: 'points' }),
        await user.post(`/v1/orders/${orderId}/cancellations`),
      ];
      for (const answer of answers) expectProblem(answer, 404, 'order_not_found');
    }
    const order = await owner.get(`/v1/orders/${orderId}`);
    expect(order.body).to.include({ status: 'PENDING_PAYMENT', version: 1 });
    expect((await stranger.get('/v1/wallets/me')).body.balance).to.equal(1000);
  });

  it('has the same answer as an order that does not exist, except for the id', async () => {
    const nobodys = '01938f2e-8c3a-7b6e-9d1a-2f4c5e6a7b8c';
    const [foreign, missing] = await Promise.all(
      [orderId, nobodys].map((id) => stranger.get(`/v1/orders/${id}`)),
    );
    expect({ ...foreign?.body, orderId: nobodys }).to.deep.equal(missing?.body);
  });

  it('is not in the lists of the caller', async () => {
    expect(await readAll(stranger, '/v1/orders')).to.deep.equal([]);
    expect(await readAll(service().admin, '/v1/orders')).to.deep.equal([]);
    const entries = await readAll<{ userId: string }>(stranger, '/v1/wallets/me/entries');
    expect(entries.map(({ userId }) => userId)).to.deep.equal(['stranger']);
  });

  it('is not readable when it is a wallet, except by an admin', async () => {
    expectProblem(await stranger.get('/v1/wallets/owner'), 404, 'not_found');
    expectProblem(await stranger.get('/v1/wallets/no-such-user'), 404, 'not_found');
    for (const user of [owner, service().admin]) {
      const wallet = await user.get('/v1/wallets/owner');
      expect(wallet.body).to.deep.equal({ userId: 'owner', balance: 1000, version: 1 });
    }
    const never = await service().admin.get('/v1/wallets/no-such-user');
    expect(never.body).to.deep.equal({ userId: 'no-such-user', balance: 0, version: 0 });
  });
});
