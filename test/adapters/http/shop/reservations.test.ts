import { expect } from 'chai';
import { eventually } from '../../../../tools/servers/eventually.js';
import type { ApiClient, ApiResponse } from '../../../support/api-client.js';
import { backends } from '../../../support/backends.js';
import { addProduct, readAll } from '../../../support/shop.js';
import { expectProblem, refusedPaths } from '../support/problem.js';
import { runningService } from '../support/running-service.js';

const NOBODYS = '01938f2e-8c3a-7b6e-9d1a-2f4c5e6a7b8c';

for (const backend of backends) {
  describe(`reservations on ${backend.name}`, () => {
    const service = runningService(backend);
    let user: ApiClient;
    let productId: string;
    let serial = 0;

    beforeEach(async () => {
      user = await service().customer(`holder-${++serial}`);
      productId = await addProduct(service().admin, { price: 300, stock: 5 });
    });

    function reserve(fields: object = {}, headers = {}): Promise<ApiResponse> {
      const body = { productId, quantity: 2, holdSeconds: 60, ...fields };
      return user.post('/v1/reservations', body, headers);
    }

    async function held(fields: object = {}): Promise<string> {
      const { status, body } = await reserve(fields);
      expect(status, JSON.stringify(body)).to.equal(201);
      return `/v1/reservations/${body.id}`;
    }

    const confirm = (path: string, headers = {}) =>
      user.post(`${path}/confirmations`, undefined, headers);
    const release = (path: string) => user.send('DELETE', path);

    async function expectUnits(available: number, heldUnits: number): Promise<void> {
      const { body } = await user.get(`/v1/products/${productId}/stock`);
      expect(body).to.include({ available, held: heldUnits });
    }

    it('hold the units for the requested seconds', async () => {
      const { status, body, headers } = await reserve();
      expect(status).to.equal(201);
      expect(body).to.include({
        userId: `holder-${serial}`,
        productId,
        quantity: 2,
        unitPrice: 300,
        status: 'HELD',
        orderId: null,
        version: 1,
      });
      expect(Date.parse(body.expiresAt) - Date.parse(body.createdAt)).to.equal(60_000);
      expect(headers.get('location')).to.equal(`/v1/reservations/${body.id}`);
      expect((await user.get(`/v1/reservations/${body.id}`)).body).to.deep.equal(body);
      await expectUnits(3, 2);
    });

    it('hold no more units than available, and sell no held unit', async () => {
      const over = await reserve({ quantity: 6 });
      expectProblem(over, 409, 'insufficient_stock');
      expect(over.body).to.include({ productId, requested: 6, available: 5 });
      await held({ quantity: 5 });
      await expectUnits(0, 5);
      const order = await user.post('/v1/orders', { items: [{ productId, quantity: 1 }] });
      expectProblem(order, 409, 'insufficient_stock');
      expectProblem(await reserve({ quantity: 1 }), 409, 'insufficient_stock');
      expectProblem(await reserve({ productId: NOBODYS }), 404, 'product_not_found');
    });

    it('become an order at the price of the reservation, even after a price change', async () => {
      const path = await held();
      await service().admin.patch(`/v1/products/${productId}`, { price: 999 });
      const { status, body, headers } = await confirm(path);
      expect(status).to.equal(201);
      expect(body).to.deep.include({
        status: 'PENDING_PAYMENT',
        items: [{ productId, quantity: 2, unitPrice: 300 }],
        total: 600,
      });
      expect(headers.get('location')).to.equal(`/v1/orders/${body.id}`);
      expect((await user.get(`/v1/orders/${body.id}`)).body).to.deep.equal(body);
      const after = await user.get(path);
      expect(after.body).to.include({ status: 'CONFIRMED', orderId: body.id });
      await expectUnits(3, 0);
      expect((await user.post(`/v1/orders/${body.id}/cancellations`)).status).to.equal(201);
      await expectUnits(5, 0);
    });

    it('are confirmed once by ten concurrent confirmations', async () => {
      const path = await held();
      const answers = await Promise.all(Array.from({ length: 10 }, () => confirm(path)));
      const created = answers.filter(({ status }) => status === 201);
      expect(created).to.have.length(1);
      for (const answer of answers.filter(({ status }) => status !== 201)) {
        expectProblem(answer, 409, 'reservation_not_confirmable');
        expect(answer.body.orderId).to.equal(created[0]?.body.id);
      }
      expect(await readAll(user, '/v1/orders')).to.have.length(1);
      await expectUnits(3, 0);
    });

    it('are released once, and a repeat does no harm', async () => {
      const path = await held();
      const answers = await Promise.all(Array.from({ length: 5 }, () => release(path)));
      expect(answers.map(({ status }) => status)).to.deep.equal([204, 204, 204, 204, 204]);
      expect(answers[0]?.body).to.equal('');
      await expectUnits(5, 0);
      expect((await user.get(path)).body.status).to.equal('RELEASED');
      expectProblem(await confirm(path), 409, 'reservation_not_confirmable');
    });

    it('are not released after a confirmation', async () => {
      const path = await held();
      const order = await confirm(path);
      const answer = await release(path);
      expectProblem(answer, 409, 'reservation_not_releasable');
      expect(answer.body.orderId).to.equal(order.body.id);
      await expectUnits(3, 0);
    });

    it('are either confirmed or released by two concurrent requests', async () => {
      for (let round = 0; round < 5; round++) {
        const path = await held({ quantity: 1 });
        const [confirmed, released] = await Promise.all([confirm(path), release(path)]);
        expect([confirmed.status, released.status]).to.be.deep.oneOf([
          [201, 409],
          [409, 204],
        ]);
      }
      const sold = await readAll<object>(user, '/v1/orders');
      await expectUnits(5 - sold.length, 0);
    });

    it('expire by themselves, and cannot be confirmed afterwards', async () => {
      const path = await held({ holdSeconds: 1 });
      await eventually(async () => {
        expect((await user.get(path)).body).to.include({ status: 'EXPIRED', version: 2 });
      });
      await expectUnits(5, 0);
      expectProblem(await confirm(path), 409, 'reservation_expired');
      expect((await release(path)).status).to.equal(204);
      await expectUnits(5, 0);
    });

    it('answer a repeat with the first answer', async () => {
      const key = (name: string) => ({ 'Idempotency-Key': `${name}-${serial}` });
      const [first, again] = [await reserve({}, key('hold')), await reserve({}, key('hold'))];
      expect(again.body).to.deep.equal(first.body);
      expect(again.headers.get('idempotency-replayed')).to.equal('true');
      const other = await reserve({ holdSeconds: 61 }, key('hold'));
      expectProblem(other, 422, 'idempotency_key_reused');
      await expectUnits(3, 2);
      const path = `/v1/reservations/${first.body.id}`;
      const order = await confirm(path, key('confirm'));
      const replayed = await confirm(path, key('confirm'));
      expect(replayed.status).to.equal(201);
      expect(replayed.body).to.deep.equal(order.body);
      await expectUnits(3, 0);
    });

    it('are hidden from everyone but their owner', async () => {
      const path = await held();
      const owner = user;
      for (const stranger of [await service().customer('stranger'), service().admin]) {
        user = stranger;
        for (const answer of [await user.get(path), await confirm(path), await release(path)]) {
          expectProblem(answer, 404, 'reservation_not_found');
        }
      }
      user = owner;
      expect((await user.get(path)).body).to.include({ status: 'HELD', version: 1 });
      await expectUnits(3, 2);
      for (const missing of [`/v1/reservations/${NOBODYS}`, '/v1/reservations/x']) {
        expectProblem(await confirm(missing), 404, 'reservation_not_found');
        expectProblem(await release(missing), 404, 'reservation_not_found');
      }
    });

    it('take 1 to 10,000 units for 1 to 3,600 seconds', async () => {
      productId = await addProduct(service().admin, { stock: 20_000 });
      for (const fields of [
        { quantity: 0 },
        { quantity: 10_001 },
        { quantity: 1.5 },
        { holdSeconds: 0 },
        { holdSeconds: 3_601 },
        { holdSeconds: '60' },
        { productId: 'x' },
        { price: 1 },
      ]) {
        const answer = await reserve(fields);
        expectProblem(answer, 400, 'validation_failed');
        expect(refusedPaths(answer)).to.deep.equal(Object.keys(fields));
      }
      await expectUnits(20_000, 0);
      await held({ quantity: 1, holdSeconds: 1 });
      await held({ quantity: 10_000, holdSeconds: 3_600 });
    });

    it('count as stock when it is restocked', async () => {
      productId = await addProduct(service().admin, { stock: 1_000_000_000 });
      await held({ quantity: 10 });
      const restocks = `/v1/products/${productId}/restocks`;
      expectProblem(
        await service().admin.post(restocks, { quantity: 1 }),
        409,
        'stock_limit_exceeded',
      );
    });

    it('are refused when the total of their order would be too large', async () => {
      productId = await addProduct(service().admin, { price: Number.MAX_SAFE_INTEGER });
      expectProblem(await reserve(), 409, 'order_total_too_large');
      await expectUnits(10, 0);
    });
  });
}
