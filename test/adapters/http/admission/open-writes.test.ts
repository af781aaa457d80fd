import { expect } from 'chai';
import sinon from 'sinon';
import { OpenRequestLimit } from '../../../../src/adapters/http/admission/open-request-limit.js';
import { LockPort } from '../../../../src/domain/ports/lock-port.js';
import { eventually } from '../../../../tools/servers/eventually.js';
import { backends } from '../../../support/backends.js';
import { addProduct, orderOf, tally } from '../../../support/shop.js';
import { expectProblem } from '../support/problem.js';
import { runningService } from '../support/running-service.js';

for (const backend of backends) {
  describe(`open writes of a user on ${backend.name}`, () => {
    const service = runningService(backend, { OPEN_WRITES_MAX_PER_USER: '3' });

    afterEach(() => sinon.restore());

    it('have a limit, so that one user does not fill the queue in which all wait', async () => {
      const productId = await addProduct(service().admin);
      const [alice, bob] = [await service().customer('alice'), await service().customer('bob')];
      const lock = service().service.container.get(LockPort);
      const entered = sinon.spy(OpenRequestLimit.prototype, 'enter');
      const held = await lock.acquire([`stock:${productId}`]);
      const waiting = Array.from({ length: 3 }, () => alice.post('/v1/orders', orderOf(productId)));
      // Without this wait the next write could be the third open one, and one of these would be refused.
      await eventually(() => expect(entered.callCount).to.equal(waiting.length));
      const fourth = await alice.post('/v1/wallets/me/charges', { amount: 1 });
      expectProblem(fourth, 429, 'too_many_open_writes');
      expect(fourth.headers.get('retry-after')).to.equal('1');
      const other = bob.post('/v1/wallets/me/charges', { amount: 1 });
      expect((await other).status).to.equal(201);
      expect((await alice.get('/v1/orders')).status).to.equal(200);
      await held.release();
      expect(tally(await Promise.all(waiting))).to.deep.equal({ 201: 3 });
      await eventually(async () => {
        const after = await alice.post('/v1/wallets/me/charges', { amount: 1 });
        expect(after.status).to.equal(201);
      });
    });
  });
}
