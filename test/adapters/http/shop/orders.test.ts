import { expect } from 'chai';
import type { LockstepSchemas } from '../../../../src/client/lockstep-client.js';
import type { ApiClient } from '../../../support/api-client.js';
import { backends } from '../../../support/backends.js';
import { addProduct, orderOf, readAll, withId } from '../../../support/shop.js';
import { expectProblem } from '../support/problem.js';
import { runningService } from '../support/running-service.js';

for (const backend of backends) {
  describe(`orders on ${backend.name}`, () => {
    const service = runningService(backend);
    let user: ApiClient;
    let serial = 0;

    beforeEach(async () => {
      user = await service().customer(`buyer-${++serial}`);
      await charge(1000);
    });

    const charge = (amount: number) =>
      user.api.POST('/v1/wallets/me/charges', { body: { amount } });
    const order = (body: LockstepSchemas['NewOrder']) => user.api.POST('/v1/orders', { body });

    async function read(id: string): Promise<LockstepSchemas['Order'] | undefined> {
      return (await user.api.GET('/v1/orders/{id}', withId(id))).data;
    }

    async function stock(productId: string): Promise<number | undefined> {
      return (await user.api.GET('/v1/products/{id}/stock', withId(productId))).data?.available;
    }

    async function newestEntry(): Promise<
      LockstepSchemas['WalletEntryPage']['items'][0] | undefined
    > {
      return (await user.api.GET('/v1/wallets/me/entries')).data?.items[0];
    }

    async function balance(): Promise<number | undefined> {
      const { data: wallet } = await user.api.GET('/v1/wallets/me');
      const entries = await readAll<{ amount: number; balance: number }>(
        user,
        '/v1/wallets/me/entries',
      );
      const sum = entries.reduce((total, { amount }) => total + amount, 0);
      expect(sum, 'the sum of the ledger').to.equal(wallet?.balance);
      expect(entries[0]?.balance, 'the newest entry').to.equal(wallet?.balance);
      return wallet?.balance;
    }

    async function place(options = {}): Promise<{ productId: string; orderId: string }> {
      const productId = await addProduct(service().admin, { price: 300, stock: 5, ...options });
      return { productId, orderId: await placed(orderOf(productId, 2)) };
    }

    async function placed(body: LockstepSchemas['NewOrder']): Promise<string> {
      const { data, response } = await order(body);
      expect(response.status).to.equal(201);
      return String(data?.id);
    }

    const pay = (id: string) =>
      user.api.POST('/v1/orders/{id}/payments', { ...withId(id), body: { method: 'points' } });
    const cancel = (id: string) => user.api.POST('/v1/orders/{id}/cancellations', withId(id));

    it('takes the units and waits for payment', async () => {
      const productId = await addProduct(service().admin, { price: 300, stock: 5 });
      const body = await read(await placed(orderOf(productId, 2)));
      expect(body).to.deep.include({
        userId: `buyer-${serial}`,
        status: 'PENDING_PAYMENT',
        items: [{ productId, quantity: 2, unitPrice: 300 }],
        total: 600,
        version: 1,
      });
      const window = Date.parse(`${body?.expiresAt}`) - Date.parse(`${body?.createdAt}`);
      expect(window).to.equal(15 * 60 * 1000);
      expect(await stock(productId)).to.equal(3);
      expect(await balance()).to.equal(1000);
    });

    it('keeps the price of the moment at which it was placed', async () => {
      const { productId, orderId } = await place();
      const change = { ...withId(productId), body: { price: 999 } };
      await service().admin.api.PATCH('/v1/products/{id}', change);
      const { data: payment } = await pay(orderId);
      expect(payment?.amount).to.equal(600);
      expect(await balance()).to.equal(400);
    });

    it('is paid with points', async () => {
      const { productId, orderId } = await place();
      const { data: payment, response } = await pay(orderId);
      expect(response.status).to.equal(201);
      expect(payment).to.include({
        orderId,
        userId: `buyer-${serial}`,
        method: 'points',
        amount: 600,
        status: 'CAPTURED',
      });
      expect(payment?.order).to.deep.equal(await read(orderId));
      expect(payment?.order).to.include({ status: 'PAID', version: 2 });
      expect(await balance()).to.equal(400);
      expect(await stock(productId)).to.equal(3);
      expect(await newestEntry()).to.include({
        kind: 'PAYMENT',
        amount: -600,
        balance: 400,
        orderId,
      });
    });

    it('is not paid from a wallet that holds too little', async () => {
      const { orderId } = await place({ price: 501 });
      const payment = await pay(orderId);
      expectProblem(payment, 409, 'insufficient_points');
      expect(payment.error).to.include({ required: 1002, balance: 1000 });
      expect(await balance()).to.equal(1000);
      await charge(2);
      expect((await pay(orderId)).response.status).to.equal(201);
      expect(await balance()).to.equal(0);
    });

    it('is not paid from a wallet that was never charged', async () => {
      user = await service().customer(`pauper-${serial}`);
      const productId = await addProduct(service().admin);
      expectProblem(await pay(await placed(orderOf(productId))), 409, 'insufficient_points');
    });

    it('is paid with 0 points when it costs nothing', async () => {
      user = await service().customer(`guest-${serial}`);
      const productId = await addProduct(service().admin, { price: 0 });
      const orderId = await placed(orderOf(productId));
      expect((await pay(orderId)).data).to.include({ amount: 0 });
      expect(await balance()).to.equal(0);
      expect((await cancel(orderId)).data).to.include({ refunded: 0 });
      expect(await balance()).to.equal(0);
    });

    it('is paid once', async () => {
      const { orderId } = await place({ price: 100 });
      await pay(orderId);
      const again = await pay(orderId);
      expectProblem(again, 409, 'order_not_payable');
      expect(again.error?.status).to.equal(409);
      expect(await balance()).to.equal(800);
    });

    it('is paid once by ten concurrent payments', async () => {
      const { orderId } = await place({ price: 100 });
      const answers = await Promise.all(Array.from({ length: 10 }, () => pay(orderId)));
      expect(answers.filter(({ response }) => response.status === 201)).to.have.length(1);
      for (const answer of answers.filter(({ response }) => response.status !== 201)) {
        expectProblem(answer, 409, 'order_not_payable');
      }
      expect(await balance()).to.equal(800);
    });

    it('returns its units when it is cancelled unpaid', async () => {
      const { productId, orderId } = await place();
      const cancelled = await cancel(orderId);
      expect(cancelled.response.status).to.equal(201);
      expect(cancelled.data).to.include({ id: orderId, status: 'CANCELLED', refunded: 0 });
      expect(await stock(productId)).to.equal(5);
      expect(await balance()).to.equal(1000);
    });

    it('returns units and points when it is cancelled after its payment', async () => {
      const { productId, orderId } = await place();
      await pay(orderId);
      const cancelled = await cancel(orderId);
      expect(cancelled.response.status).to.equal(201);
      expect(cancelled.data).to.include({ status: 'CANCELLED', refunded: 600, version: 3 });
      expect(await stock(productId)).to.equal(5);
      expect(await balance()).to.equal(1000);
      expect(await newestEntry()).to.include({ kind: 'REFUND', amount: 600, orderId });
    });

    it('is cancelled once by ten concurrent cancellations', async () => {
      const { productId, orderId } = await place();
      await pay(orderId);
      const answers = await Promise.all(Array.from({ length: 10 }, () => cancel(orderId)));
      expect(answers.filter(({ response }) => response.status === 201)).to.have.length(1);
      for (const answer of answers.filter(({ response }) => response.status !== 201)) {
        expectProblem(answer, 409, 'order_not_cancellable');
      }
      expectProblem(await cancel(orderId), 409, 'order_not_cancellable');
      expect(await stock(productId)).to.equal(5);
      expect(await balance()).to.equal(1000);
    });

    it('is not paid after its cancellation', async () => {
      const { orderId } = await place();
      await cancel(orderId);
      expectProblem(await pay(orderId), 409, 'order_not_payable');
      expect(await balance()).to.equal(1000);
    });

    it('loses nothing when it is paid and cancelled at the same time', async () => {
      for (let round = 0; round < 5; round++) {
        const { productId, orderId } = await place({ price: 10 });
        const [, cancelled] = await Promise.all([pay(orderId), cancel(orderId)]);
        expect(cancelled.response.status).to.equal(201);
        expect(await stock(productId)).to.equal(5);
      }
      expect(await balance()).to.equal(1000);
    });

    it('takes all of its items or none, and names the product with too few units', async () => {
      const plenty = await addProduct(service().admin, { stock: 5 });
      const scarce = await addProduct(service().admin, { stock: 1 });
      const more = await addProduct(service().admin, { stock: 5 });
      const items = [plenty, scarce, more].map((productId) => ({ productId, quantity: 2 }));
      const answer = await order({ items });
      expectProblem(answer, 409, 'insufficient_stock');
      expect(answer.error).to.include({ productId: scarce, requested: 2, available: 1 });
      for (const [id, units] of [
        [plenty, 5],
        [scarce, 1],
        [more, 5],
      ] as const) {
        const { data } = await user.api.GET('/v1/products/{id}/stock', withId(id));
        expect(data).to.include({ available: units, version: 1 });
      }
      expect(await readAll(user, '/v1/orders')).to.deep.equal([]);
    });

    it('takes and returns many items', async () => {
      const ids = await Promise.all(
        [1, 2, 3].map((price) => addProduct(service().admin, { price })),
      );
      const items = ids.map((productId, i) => ({ productId, quantity: i + 1 }));
      const orderId = await placed({ items });
      const found = await read(orderId);
      expect(found?.total).to.equal(1 + 4 + 9);
      expect(found?.items).to.have.deep.members(
        items.map((item, i) => ({ ...item, unitPrice: i + 1 })),
      );
      expect(await Promise.all(ids.map(stock))).to.deep.equal([9, 8, 7]);
      await cancel(orderId);
      expect(await Promise.all(ids.map(stock))).to.deep.equal([10, 10, 10]);
    });

    it('is refused for a product that does not exist, and takes nothing', async () => {
      const known = await addProduct(service().admin);
      const unknown = '01938f2e-8c3a-7b6e-9d1a-2f4c5e6a7b8c';
      const items = [known, unknown].map((productId) => ({ productId, quantity: 1 }));
      const answer = await order({ items });
      expectProblem(answer, 404, 'product_not_found');
      expect(answer.error?.['productId']).to.equal(unknown);
      expect(await stock(known)).to.equal(10);
    });

    it('takes the very last unit and not one more', async () => {
      const productId = await addProduct(service().admin, { stock: 3 });
      expect((await order(orderOf(productId, 4))).response.status).to.equal(409);
      expect((await order(orderOf(productId, 3))).response.status).to.equal(201);
      const answer = await order(orderOf(productId));
      expectProblem(answer, 409, 'insufficient_stock');
      expect(answer.error).to.include({ available: 0 });
      const delivery = { ...withId(productId), body: { quantity: 1 } };
      await service().admin.api.POST('/v1/products/{id}/restocks', delivery);
      expect((await order(orderOf(productId))).response.status).to.equal(201);
    });
  });
}
