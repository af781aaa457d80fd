import { expect } from 'chai';
import { deadLetterTopic } from '../../../../src/adapters/queue/kafka/kafka-settings.js';
import type { OrderState } from '../../../../src/domain/orders/order.js';
import type { StockState } from '../../../../src/domain/stock/stock.js';
import type { Verdict } from '../../../../tools/invariants/verdict.js';
import { eventually } from '../../../../tools/servers/eventually.js';
import { type KafkaServer, startKafka } from '../../../../tools/servers/kafka/start-kafka.js';
import { ApiClient } from '../../../support/api-client.js';
import { type Env, servers } from '../../../support/backends.js';
import { InstanceProcess } from '../../../support/instance-process.js';
import { type KafkaRecord, KafkaTopic } from '../../../support/kafka-topic.js';
import { addProduct, readAll } from '../../../support/shop.js';
import type { FaultOptions } from '../support/fault-scenario.js';
import { Random } from '../support/random.js';
import { judgeHistories, judgeSales } from './judge-events.js';
import { distinctLetters, type QueueRecord, type Settled } from './judge-queue.js';
import { OrderRows } from './order-rows.js';
import { poisonedMessages } from './poison.js';
import { QueueCourse } from './queue-course.js';

const PRODUCTS = 20;
/** The rest is rejected, from a known request of each product on. */
const SHARE_OF_UNITS = 0.8;
const TOPIC = 'orders';
const WAIT = { withinMs: 180_000, everyMs: 250 };

export interface QueueTrial extends QueueRecord {
  readonly done: readonly string[];
  /** Further verdicts from the time of the run. */
  readonly verdicts: readonly Verdict[];
  readonly acceptedWhileAway: number;
  /** Time to accept the orders, including the time without Kafka. */
  readonly acceptedMs: number;
  /** Time from the last acceptance to the last settlement. */
  readonly settledAfterMs: number;
}

/** `orders` through Kafka on two instances, one of which is killed and replaced; then Kafka goes down. */
export async function runQueueTrial({
  orders,
  seconds,
  seed,
}: FaultOptions & { readonly orders: number }): Promise<QueueTrial> {
  await using kafka = await startKafka({ sources: ['docker', 'binary'] });
  await using open = await servers.open();
  const env: Env = {
    ...open.env,
    ...{ KAFKA_BROKERS: kafka.brokers, KAFKA_TOPIC: TOPIC, KAFKA_SESSION_MS: '6000' },
    ...{ OUTBOX_LEASE_MS: '1000', LOCK_LEASE_MS: '1000' },
    // Without quotas, because one customer sends all orders.
    ...{ QUOTA_QUEUED_ORDERS: '0', QUOTA_UNPAID_ORDERS: '0' },
  };
  await using first = await InstanceProcess.start(env);
  const second = await InstanceProcess.start(env);
  const ordersEach = Math.floor(orders / PRODUCTS);
  const units = Math.floor(ordersEach * SHARE_OF_UNITS);
  const admin = await ApiClient.of(first.url, env, 'admin', 'admin');
  const products: string[] = [];
  for (let i = 0; i < PRODUCTS; i++) products.push(await addProduct(admin, { stock: units }));
  using rows = new OrderRows({ products, ordersEach, urls: [first.url, second.url], env });
  const begunMs = performance.now();
  const random = new Random(seed);
  const course = new QueueCourse(rows, ordersEach * PRODUCTS, random);
  await using third = await course.killAndReplace(second, env);
  const poison = poisonedMessages(products, random);
  await new KafkaTopic(kafka.brokers, TOPIC).write(poison);
  course.did(`${poison.length} poisoned messages written`);
  const acceptedWhileAway = await course.takeKafkaAway(kafka, seconds);
  const acceptedAtMs = performance.now();

  const owner = await ApiClient.of(third.url, env, 'queue');
  const settled = await settlements(owner, rows);
  const settledAfterMs = performance.now() - acceptedAtMs;
  const letters = await lettersOf(kafka, poison.length);
  const made = await readAll<OrderState>(owner, '/v1/orders');
  const stocks = await Promise.all(products.map((id) => stockOf(owner, id)));
  const shown = { orders: made, stocks };
  const events = new KafkaTopic(kafka.brokers, `${TOPIC}.events`);
  return {
    ...{ letters, acceptedWhileAway, settledAfterMs, done: course.done },
    ...{ topic: TOPIC, poison: poison.map(({ value }) => value) },
    acceptedMs: acceptedAtMs - begunMs,
    orderIds: made.map(({ id }) => id),
    rows: stocks.map((stock) => {
      const { productId } = stock;
      return { productId, units, requests: settled.get(productId) ?? [], stock };
    }),
    verdicts: [
      await judgeHistories(events, shown),
      await judgeSales(shown, { owner, admin, teller: third }),
    ],
  };
}

/**
 * The requests of every product, in the order of acceptance. One that is never settled has its last
 * state.
 */
async function settlements(owner: ApiClient, rows: OrderRows): Promise<Map<string, Settled[]>> {
  const found = new Map<string, Settled>();
  const requests = [...rows.accepted.values()].flat();
  const lookUp = async () => {
    for (const { id, path } of requests) {
      if ((found.get(id)?.status ?? 'QUEUED') !== 'QUEUED') continue;
      found.set(id, (await owner.get(path)).body);
      expect(found.get(id)?.status, `${found.size} settled`).not.to.equal('QUEUED');
    }
  };
  // A request that is not settled by then breaks a claim. It does not fail the run.
  await eventually(lookUp, WAIT).catch(() => undefined);
  const none = (id: string): Settled => ({ id, status: 'QUEUED' });
  const entries = [...rows.accepted].map(([productId, row]) => {
    return [productId, row.map(({ id }) => found.get(id) ?? none(id))] as const;
  });
  return new Map(entries);
}

/** All dead letters at the end. When some are missing, a claim is broken; the run does not fail. */
async function lettersOf(kafka: KafkaServer, expected: number): Promise<KafkaRecord[]> {
  const topic = new KafkaTopic(kafka.brokers, deadLetterTopic(TOPIC));
  let letters: KafkaRecord[] = [];
  const enough = async () => {
    letters = await topic.read();
    expect(distinctLetters(letters)).to.have.lengthOf.at.least(expected);
  };
  await eventually(enough, WAIT).catch(() => undefined);
  return letters;
}

async function stockOf(owner: ApiClient, productId: string): Promise<StockState> {
  return (await owner.get(`/v1/products/${productId}/stock`)).body;
}
