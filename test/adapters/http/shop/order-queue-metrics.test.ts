import { expect } from 'chai';
import { createSandbox } from 'sinon';
import { SettleOrderRequests } from '../../../../src/application/order-queue/settle-order-requests.js';
import { eventually } from '../../../../tools/servers/eventually.js';
import type { ApiClient } from '../../../support/api-client.js';
import { type Backend, embedded, serversWithKafka } from '../../../support/backends.js';
import { KafkaTopic } from '../../../support/kafka-topic.js';
import { addProduct, orderOf } from '../../../support/shop.js';
import { samples } from '../support/prometheus-samples.js';
import { runningService } from '../support/running-service.js';

const WITHIN = { withinMs: 30_000 };
const OFTEN = { QUEUE_MEASURE_MS: '50', KAFKA_PARTITIONS: '3' };

for (const backend of [embedded, serversWithKafka]) {
  describe(`the metrics of the order queue on ${backend.name}`, () => {
    const service = runningService(backend, OFTEN);
    const sandbox = createSandbox();
    let user: ApiClient;

    before(async () => {
      user = await service().customer('alice');
    });

    afterEach(() => sandbox.restore());

    it('counts settlements by their outcome, with the time they took', async () => {
      expect(await settledAs()).to.deep.equal({ confirmed: 0, rejected: 0, given_up: 0 });
      const productId = await addProduct(service().admin, { stock: 2 });
      for (let i = 0; i < 3; i++) await queue(user, productId);
      await eventually(async () => {
        expect(await settledAs()).to.deep.equal({ confirmed: 2, rejected: 1, given_up: 0 });
      }, WITHIN);
      const counts = await series(service().anyone, 'order_settlement_seconds_count');
      expect(counts.reduce((sum, { value }) => sum + value, 0)).to.equal(3);
    });

    it('counts requests that cannot be decided, once each', async () => {
      const productId = await addProduct(service().admin);
      const settling = service().service.container.get(SettleOrderRequests);
      sandbox.stub(settling, 'execute').rejects(new TypeError('a mistake of ours'));
      const before = await settledAs();
      await queue(user, productId);
      await eventually(async () => {
        expect(await settledAs()).to.deep.equal({ ...before, given_up: 1 });
      }, WITHIN);
    });

    async function settledAs(): Promise<Record<string, number>> {
      const found = await series(service().anyone, 'order_requests_settled_total');
      const named = found.map(({ labels, value }) => [/outcome="(\w+)"/.exec(labels)?.[1], value]);
      return Object.fromEntries(named);
    }
  });
}

describe('the metrics of Kafka', () => {
  const service = runningService(serversWithKafka, OFTEN);
  const sandbox = createSandbox();

  afterEach(() => sandbox.restore());

  it('shows the messages of each partition that are not settled', async () => {
    const user = await service().customer('alice');
    const settling = service().service.container.get(SettleOrderRequests);
    const execute = settling.execute.bind(settling);
    const held = Promise.withResolvers<void>();
    sandbox.stub(settling, 'execute').callsFake(async (ids) => {
      await held.promise;
      await execute(ids);
    });
    const productId = await addProduct(service().admin);
    for (let i = 0; i < 4; i++) await queue(user, productId);
    const lags = async () =>
      (await series(user, 'kafka_consumergroup_lag', 'channel="orders"')).map(({ value }) => value);
    await eventually(async () => expect((await lags()).sort()).to.deep.equal([0, 0, 4]), WITHIN);
    held.resolve();
    await eventually(async () => expect(await lags()).to.deep.equal([0, 0, 0]), WITHIN);
  });

  it('shows the number of dead letters', async () => {
    const { KAFKA_BROKERS = '', KAFKA_TOPIC = '' } = service().env;
    const letters = async () =>
      (await series(service().anyone, 'dead_letters', 'channel="orders"'))[0]?.value;
    await eventually(async () => expect(await letters()).to.equal(0), WITHIN);
    const topic = new KafkaTopic(KAFKA_BROKERS, KAFKA_TOPIC);
    await topic.write([{ key: 'x', value: 'no order request' }]);
    await eventually(async () => expect(await letters()).to.equal(1), WITHIN);
  });
});

describe('metrics while Kafka is down', () => {
  const unreachable: Backend = {
    name: 'Kafka that is down',
    open: async () => {
      const open = await serversWithKafka.open();
      return { ...open, env: { ...open.env, KAFKA_BROKERS: '127.0.0.1:1' } };
    },
  };
  const service = runningService(unreachable, OFTEN);

  it('shows the size and age of the outbox, and no figures of Kafka', async () => {
    const user = await service().customer('alice');
    const value = async (name: string) => {
      const found = await series(user, name);
      return found.find(({ labels }) => !/channel="events"/.test(labels))?.value;
    };
    await eventually(async () => expect(await value('outbox_entries')).to.equal(0), WITHIN);
    expect(await value('outbox_oldest_seconds')).to.equal(0);
    const productId = await addProduct(service().admin);
    for (let i = 0; i < 2; i++) await queue(user, productId);
    await eventually(async () => {
      expect(await value('outbox_entries')).to.equal(2);
      expect(await value('outbox_oldest_seconds')).to.be.above(0);
    }, WITHIN);
    expect(await series(user, 'dead_letters')).to.deep.equal([]);
    expect(await series(user, 'kafka_consumergroup_lag')).to.deep.equal([]);
  });
});

describe('an order request that was settled long ago', () => {
  const service = runningService(embedded, {
    ORDER_REQUEST_RETENTION_MS: '1',
    RETENTION_SWEEP_MS: '50',
  });

  it('answers 404, is counted, and leaves its order', async () => {
    const user = await service().customer('alice');
    const path = await queue(user, await addProduct(service().admin));
    await eventually(async () => expect((await user.get(path)).status).to.equal(404), WITHIN);
    await eventually(async () => {
      const [forgotten] = await series(user, 'order_requests_forgotten_total');
      expect(forgotten?.value).to.equal(1);
    }, WITHIN);
    expect((await user.get('/v1/orders')).body.items).to.have.length(1);
  });
});

/** Returns the URL of the request. */
async function queue(user: ApiClient, productId: string): Promise<string> {
  const headers = { Prefer: 'respond-async' };
  const answer = await user.post('/v1/orders', orderOf(productId), headers);
  expect(answer.status).to.equal(202);
  return answer.headers.get('location') ?? '';
}

async function series(client: ApiClient, metric: string, label = '') {
  const all = samples((await client.get('/metrics')).body);
  return all.filter(({ name, labels }) => name === metric && labels.includes(label));
}
