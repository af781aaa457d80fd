import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import sinon from 'sinon';
import { EventStream } from '../../../src/domain/events/outbox.js';
import { type Backend, embedded, servers, serversWithKafka } from '../../support/backends.js';
import { addProduct, orderOf } from '../../support/shop.js';
import { startTestService } from '../../support/test-service.js';

const EXPECTED: readonly [backend: Backend, types: readonly string[]][] = [
  [embedded, []],
  [servers, ['order.paid', 'order.cancelled']],
  [
    serversWithKafka,
    [
      'stock.changed',
      'stock.changed',
      'order.placed',
      'order.paid',
      'stock.changed',
      'order.cancelled',
    ],
  ],
];

/** The relay runs at least this often, in milliseconds. */
const RELAY_MS = 50;

describe('The events of an order that is placed, paid and cancelled', () => {
  afterEach(() => sinon.restore());

  for (const [backend, types] of EXPECTED) {
    const which = types.length === 0 ? 'none' : [...new Set(types)].join(', ');

    it(`are those with a consumer on ${backend.name}: ${which}`, async () => {
      await using service = await startTestService(backend, { OUTBOX_RELAY_MS: `${RELAY_MS}` });
      const publish = sinon.spy(service.service.container.get(EventStream), 'publish');
      const product = await addProduct(service.admin);
      const alice = await service.customer('alice');
      await alice.post('/v1/wallets/me/charges', { amount: 1_000 });
      const order = await alice.post('/v1/orders', orderOf(product));
      await alice.post(`/v1/orders/${order.body.id}/payments`, { method: 'points' });
      const end = await alice.post(`/v1/orders/${order.body.id}/cancellations`, {});
      expect(end.status).to.equal(201);
      const published = () => publish.args.flatMap(([events]) => events.map(({ type }) => type));
      for (let i = 0; i < 100 && published().length < types.length; i += 1) await sleep(RELAY_MS);
      // Longer than some periods of the relay: nothing follows.
      await sleep(5 * RELAY_MS);
      expect(published()).to.have.members(types);
    });
  }
});
