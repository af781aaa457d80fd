import { expect } from 'chai';
import { deadLetterTopic } from '../../../src/adapters/queue/kafka/kafka-settings.js';
import { spanOf } from '../../../src/domain/popularity/popularity.js';
import { SalesQueries } from '../../../src/domain/popularity/ports.js';
import { SalesRanking } from '../../../src/domain/popularity/sales-ranking.js';
import { eventually } from '../../../tools/servers/eventually.js';
import type { ApiClient } from '../../support/api-client.js';
import { serversWithKafka } from '../../support/backends.js';
import { KafkaTopic } from '../../support/kafka-topic.js';
import { addProduct, orderOf, readAll } from '../../support/shop.js';
import { startTestService, type TestService } from '../../support/test-service.js';
import { expectHistories } from './support/histories.js';
import { topicEvents } from './support/topic-events.js';

const WITHIN = { withinMs: 60_000, everyMs: 200 };
const BUYERS = 4;
const ROUNDS = 6;

describe('Events in Kafka', function () {
  this.timeout(120_000);
  let service: TestService;
  let events: KafkaTopic;
  let letters: KafkaTopic;

  before(async () => {
    service = await startTestService(serversWithKafka, { OUTBOX_RELAY_MS: '20' });
    const { KAFKA_BROKERS = '', KAFKA_TOPIC = '' } = service.env;
    events = new KafkaTopic(KAFKA_BROKERS, `${KAFKA_TOPIC}.events`);
    letters = new KafkaTopic(KAFKA_BROKERS, deadLetterTopic(events.name));
    // An instance creates the topics when it first needs them.
    for (const topic of [events, letters]) await eventually(() => topic.size(), WITHIN);
  });

  after(() => service?.[Symbol.asyncDispose]());

  async function richBuyer(name: string): Promise<ApiClient> {
    const buyer = await service.customer(name);
    await buyer.post('/v1/wallets/me/charges', { amount: 1_000_000 });
    return buyer;
  }

  /** Orders with every outcome, direct and through the queue, and reservations. */
  async function shop(buyer: ApiClient, products: readonly string[]): Promise<void> {
    for (let i = 0; i < ROUNDS; i++) {
      const productId = products[i % products.length] as string;
      const { body: order } = await buyer.post('/v1/orders', orderOf(productId, 1 + i));
      const path = `/v1/orders/${order.id}`;
      if (i % 2) await buyer.post(`${path}/payments`, { method: 'points' });
      if (i % 3) await buyer.post(`${path}/cancellations`);
      await buyer.post('/v1/orders', orderOf(productId), { Prefer: 'respond-async' });
      const hold = { productId, quantity: 1, holdSeconds: i % 2 ? 60 : 1 };
      const { body: reservation } = await buyer.post('/v1/reservations', hold);
      if (i % 2) await buyer.post(`/v1/reservations/${reservation.id}/confirmations`);
    }
  }

  async function endState(buyers: readonly ApiClient[], products: readonly string[]) {
    const orders = await Promise.all(
      buyers.map((buyer) => readAll<OrderBody>(buyer, '/v1/orders')),
    );
    const stocks = products.map((id) => service.anyone.get(`/v1/products/${id}/stock`));
    return {
      orders: orders.flat().map(({ id, ...order }) => ({ id, ...order })),
      stocks: (await Promise.all(stocks)).map(({ body }) => body),
    };
  }

  it('contain the whole history of each order and each stock, in order', async () => {
    const products = [await addProduct(service.admin, { stock: 100 })];
    products.push(await addProduct(service.admin, { stock: 100 }));
    const names = Array.from({ length: BUYERS }, (_, i) => `buyer-${i}`);
    const buyers = await Promise.all(names.map(richBuyer));
    await Promise.all(buyers.map((buyer) => shop(buyer, products)));
    await service.admin.post(`/v1/products/${products[0]}/restocks`, { quantity: 5 });
    // Waits until queued orders are settled, reservations have ended, and all events are published.
    await eventually(async () => {
      const state = await endState(buyers, products);
      expect(state.orders).to.have.length(BUYERS * ROUNDS * 2.5);
      expect(state.stocks.map(({ held }) => held)).to.deep.equal([0, 0]);
      expectHistories(await topicEvents(events), state);
    }, WITHIN);
  });

  it('in a wrong format become dead letters, and later events still reach popular items', async () => {
    const poison = ['no JSON', '{}', '{"specversion":"1.0","type":"order.paid"}'];
    const productId = await addProduct(service.admin);
    const buyer = await richBuyer('sender');
    const { body: order } = await buyer.post('/v1/orders', orderOf(productId, 3));
    // The key puts these messages into the partition of the payment.
    await events.write(poison.map((value) => ({ key: order.id, value })));
    await buyer.post(`/v1/orders/${order.id}/payments`, { method: 'points' });
    const ranking = service.service.container.get(SalesRanking);
    await eventually(async () => {
      const top = (await ranking.top(spanOf('1d', new Date()), 100)) ?? [];
      expect(top).to.deep.include({ productId, units: 3 });
    }, WITHIN);
    await eventually(async () => expect(await letters.size()).to.equal(3), WITHIN);
    for (const { key, value, headers } of await letters.read()) {
      expect(key).to.equal(order.id);
      expect(poison).to.include(value);
      expect(headers['cause']).to.match(/not an event/);
      expect(headers['source-topic']).to.equal(events.name);
    }
  });

  it('count once in popular items, however often and by whichever instance they are delivered', async () => {
    const productId = await addProduct(service.admin);
    const buyer = await richBuyer('forger');
    const { body: paid } = await buyer.post('/v1/orders', orderOf(productId, 2));
    await buyer.post(`/v1/orders/${paid.id}/payments`, { method: 'points' });
    const { body: unpaid } = await buyer.post('/v1/orders', orderOf(productId, 5));
    const published = await eventually(async () => {
      const records = await events.read();
      const ofPaid = records.filter(({ key }) => key === paid.id);
      const ofUnpaid = records.filter(({ key }) => key === unpaid.id);
      expect([ofPaid.length, ofUnpaid.length]).to.deep.equal([2, 1]);
      return [...ofPaid, ...ofPaid, ...ofUnpaid.map(claimPaid)];
    }, WITHIN);
    const before = await letters.size();
    // These messages come last in their partitions. When they are dead letters, all earlier ones
    // are processed.
    const ends = [paid.id, unpaid.id].map((key) => ({ key, value: 'the end' }));
    await events.write([...published, ...ends]);
    await eventually(async () => expect(await letters.size()).to.equal(before + 2), WITHIN);
    const { container } = service.service;
    const [kept, orders] = [container.get(SalesRanking), container.get(SalesQueries)];
    await eventually(async () => {
      const span = spanOf('1d', new Date());
      const top = await orders.top(span, 100);
      expect(top).to.deep.include({ productId, units: 2 });
      expect(await kept.top(span, 100)).to.deep.equal(top);
    }, WITHIN);
  });
});

interface OrderBody {
  readonly id: string;
  readonly version: number;
  readonly status: 'PENDING_PAYMENT' | 'PAID' | 'CANCELLED' | 'EXPIRED';
  readonly userId: string;
  readonly items: readonly { productId: string; quantity: number; unitPrice: number }[];
  readonly total: number;
  readonly createdAt: string;
  readonly expiresAt: string;
}

/** A forged event, as of somebody who wants an unpaid order to count. */
function claimPaid<T extends { readonly value: string }>(record: T): T {
  return { ...record, value: record.value.replaceAll('order.placed', 'order.paid') };
}
