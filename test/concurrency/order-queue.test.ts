import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { deadLetterTopic } from '../../src/adapters/queue/kafka/kafka-settings.js';
import type { OrderState } from '../../src/domain/order.js';
import type { StockState } from '../../src/domain/stock.js';
import { eventually } from '../../tools/servers/eventually.js';
import { startKafka } from '../../tools/servers/kafka/start-kafka.js';
import { expectHistories } from '../events/support/histories.js';
import { topicEvents } from '../events/support/topic-events.js';
import { ApiClient } from '../support/api-client.js';
import { type Env, servers } from '../support/backends.js';
import { InstanceProcess } from '../support/instance-process.js';
import { KafkaTopic } from '../support/kafka-topic.js';
import { addProduct, orderOf, readAll } from '../support/shop.js';

const ORDERS = Number(process.env['QUEUE_ORDERS'] ?? 600);
const PRODUCTS = 20;
/** What is left over is rejected, from a certain one in each product's row on. */
const UNITS = Math.floor((ORDERS / PRODUCTS) * 0.8);
const TOPIC = 'orders';
const PATIENCE = { withinMs: 120_000, everyMs: 250 };

interface Accepted {
  readonly productId: string;
  readonly path: string;
  readonly id: string;
}

interface Settled {
  readonly id: string;
  readonly status: string;
  readonly orderId?: string;
  readonly code?: string;
}

describe(`${ORDERS} orders through Kafka, with an instance and then Kafka itself going down`, function () {
  this.timeout(400_000);

  it('are all settled, once, in each product’s order; only the poisoned ones are dead letters', async () => {
    await using kafka = await startKafka({ ways: ['docker', 'binary'] });
    await using open = await servers.open();
    const env: Env = {
      ...open.env,
      KAFKA_BROKERS: kafka.brokers,
      KAFKA_TOPIC: TOPIC,
      KAFKA_SESSION_MS: '6000',
      OUTBOX_LEASE_MS: '1000',
      LOCK_LEASE_MS: '1000',
    };
    await using first = await InstanceProcess.start(env);
    const topic = new KafkaTopic(kafka.brokers, TOPIC);
    const second = await InstanceProcess.start(env);
    const admin = await ApiClient.of(first.url, env, 'admin', 'admin');
    const products: string[] = [];
    for (let i = 0; i < PRODUCTS; i++) products.push(await addProduct(admin, { stock: UNITS }));

    // One customer a product, who waits for each answer: so the arrival order is known.
    const accepted: Accepted[] = [];
    let allowed = ORDERS * 0.4;
    const mayGoOn = async () => {
      while (accepted.length >= allowed) await sleep(20);
    };
    const loads = products.map((productId, i) => {
      // Half of them stay with the first instance, half change instances: as behind a proxy.
      const urls = i % 2 ? [first.url] : [first.url, second.url];
      return load(urls, env, productId, accepted, mayGoOn);
    });
    await until(() => accepted.length > ORDERS * 0.2);
    await second.end('SIGKILL');
    await until(() => accepted.length >= allowed);
    await using third = await InstanceProcess.start(env);
    allowed = ORDERS * 0.7;
    await until(() => accepted.length > ORDERS * 0.5);
    await topic.write(products.slice(0, 5).map((key, i) => ({ key, value: POISON[i] ?? '' })));
    await kafka.stop();
    allowed = ORDERS * 0.9;
    // Accepted though Kafka is away: they wait in the outbox.
    await until(() => accepted.length >= allowed);
    await kafka.start();
    allowed = ORDERS;
    await Promise.all(loads);
    expect(accepted).to.have.length(ORDERS);

    const owner = await ApiClient.of(third.url, env, 'queue');
    const settled = new Map<string, Settled>();
    await eventually(async () => {
      for (const { path, id } of accepted) {
        if (settled.has(id)) continue;
        const { body } = await owner.get(path);
        expect(body.status, `${settled.size} settled`).not.to.equal('QUEUED');
        settled.set(id, body);
      }
    }, PATIENCE);

    const orders = await readAll<OrderState>(owner, '/v1/orders');
    const stocks: StockState[] = [];
    const confirmed = [...settled.values()].flatMap(({ orderId }) => orderId ?? []);
    expect(orders.map(({ id }) => id)).to.have.members(confirmed);
    for (const productId of products) {
      const row = accepted.filter((request) => request.productId === productId);
      const statuses = row.map(({ id }) => settled.get(id)?.status);
      const expected = row.map((_, i) => (i < UNITS ? 'CONFIRMED' : 'REJECTED'));
      expect(statuses, productId).to.deep.equal(expected);
      const ids = row.flatMap(({ id }) => settled.get(id)?.orderId ?? []);
      expect(ids, 'orders were made in the order of the requests').to.deep.equal([...ids].sort());
      const stock = await owner.get(`/v1/products/${productId}/stock`);
      expect(stock.body).to.include({ available: 0, held: 0 });
      stocks.push(stock.body);
    }
    const events = new KafkaTopic(kafka.brokers, `${TOPIC}.events`);
    const complete = async () => expectHistories(await topicEvents(events), { orders, stocks });
    await eventually(complete, PATIENCE);

    // One order of each product is paid, and the instance that is likely to tell of it dies.
    const paid = new Map(orders.map((order) => [order.items[0]?.productId ?? '', order.id]));
    await owner.post('/v1/wallets/me/charges', { amount: 1_000_000 });
    for (const id of paid.values()) {
      const payment = await owner.post(`/v1/orders/${id}/payments`, { method: 'points' });
      expect(payment.status).to.equal(201);
    }
    await third.end('SIGKILL');
    await eventually(async () => {
      const answer = await admin.get('/v1/products/popular?window=10m&limit=100');
      const sold = answer.body.items.map((item: PopularBody) => [item.product.id, item.sold]);
      expect(sold).to.have.deep.members(products.map((id) => [id, 1]));
    }, PATIENCE);

    const letters = new KafkaTopic(kafka.brokers, deadLetterTopic(TOPIC));
    await eventually(async () => expect(await letters.size()).to.equal(POISON.length), PATIENCE);
    const buried = await letters.read();
    expect(buried.map(({ value }) => value)).to.have.members(POISON);
    for (const { headers } of buried) {
      expect(headers).to.have.all.keys(
        'cause',
        'source-topic',
        'source-partition',
        'source-offset',
      );
      expect(headers['source-topic']).to.equal(TOPIC);
      expect(headers['cause']).to.match(/no order request/);
    }
  });
});

interface PopularBody {
  readonly product: { readonly id: string };
  readonly sold: number;
}

const POISON = [
  'no JSON',
  '{"requestId":7}',
  '{}',
  '{"requestId":"01938f2e-8c3a-7b6e-9d1a-2f4c5e6a7b8c"}',
  '\0',
];

async function until(holds: () => boolean): Promise<void> {
  await eventually(() => expect(holds()).to.equal(true), PATIENCE);
}

/** Orders one after another; an instance that does not answer is followed by the next. */
async function load(
  urls: readonly string[],
  env: Env,
  productId: string,
  accepted: Accepted[],
  mayGoOn: () => Promise<void>,
): Promise<void> {
  const clients = await Promise.all(urls.map((url) => ApiClient.of(url, env, 'queue')));
  for (let i = 0, turn = 0; i < ORDERS / PRODUCTS; turn++) {
    await mayGoOn();
    const client = clients[turn % clients.length];
    // The key makes it safe to ask again: nobody knows whether the dead instance had accepted it.
    const headers = { Prefer: 'respond-async', 'Idempotency-Key': `${productId}-${i}` };
    const answer = await client
      ?.post('/v1/orders', orderOf(productId), headers)
      .catch(() => undefined);
    if (answer?.status !== 202) continue;
    accepted.push({
      productId,
      id: answer.body.id,
      path: answer.headers.get('location') ?? '',
    });
    i += 1;
  }
}
