import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { eventually } from '../../../tools/servers/eventually.js';
import { ApiClient } from '../../support/api-client.js';
import { backends, type Env } from '../../support/backends.js';
import { InstanceProcess } from '../../support/instance-process.js';
import { addProduct, orderOf, readAll } from '../../support/shop.js';

const UNITS = 60;
const WAIT = { withinMs: 60_000, everyMs: 100 };

for (const backend of backends) {
  describe(`An instance on ${backend.name} that dies while it relays its outbox`, function () {
    this.timeout(240_000);

    it('is replaced by another, which settles all accepted requests once and in order', async () => {
      await using open = await backend.open();
      const env: Env = { ...open.env, OUTBOX_LEASE_MS: '1000', LOCK_LEASE_MS: '1000' };
      await using heir = await InstanceProcess.start(env);
      await using first = await InstanceProcess.start(env);
      const admin = await ApiClient.of(heir.url, env, 'admin', 'admin');
      const productId = await addProduct(admin, { stock: UNITS });
      const accepted: string[] = [];
      const load = buy(first.url, env, productId, accepted);
      await eventually(() => expect(accepted.length).to.be.greaterThan(10), WAIT);
      await sleep(50);
      await first.end('SIGKILL');
      await load;

      const owner = await ApiClient.of(heir.url, env, 'buyer');
      const outcomes: { status: string; orderId?: string }[] = [];
      for (const id of accepted) {
        outcomes.push(
          await eventually(async () => {
            const { body } = await owner.get(`/v1/order-requests/${id}`);
            expect(body.status).not.to.equal('QUEUED');
            return body;
          }, WAIT),
        );
      }
      const statuses = outcomes.map(({ status }) => status);
      const expected = statuses.map((_, i) => (i < UNITS ? 'CONFIRMED' : 'REJECTED'));
      expect(statuses).to.deep.equal(expected);
      const ids = outcomes.flatMap(({ orderId }) => orderId ?? []);
      const orders = await readAll<{ id: string }>(owner, '/v1/orders');
      // One more order may be accepted, whose answer the killed instance did not send.
      expect(orders.length - ids.length).to.be.within(0, 1);
      expect(orders.map(({ id }) => id)).to.include.members(ids);
      const { body } = await owner.get(`/v1/products/${productId}/stock`);
      expect(body.available + orders.length).to.equal(UNITS);
    });
  });
}

/** Sends orders one after another until the instance is down. */
async function buy(url: string, env: Env, productId: string, accepted: string[]): Promise<void> {
  const buyer = await ApiClient.of(url, env, 'buyer');
  for (;;) {
    const headers = { Prefer: 'respond-async' };
    const answer = await buyer
      .post('/v1/orders', orderOf(productId), headers)
      .catch(() => undefined);
    if (!answer) return;
    if (answer.status === 202) accepted.push(answer.body.id);
  }
}
