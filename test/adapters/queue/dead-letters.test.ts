import { expect } from 'chai';
import { createSandbox } from 'sinon';
import { deadLetterTopic } from '../../../src/adapters/queue/kafka/kafka-settings.js';
import { SettleOrderRequests } from '../../../src/application/order-queue/settle-order-requests.js';
import { eventually } from '../../../tools/servers/eventually.js';
import type { ApiClient } from '../../support/api-client.js';
import { serversWithKafka } from '../../support/backends.js';
import { KafkaTopic } from '../../support/kafka-topic.js';
import { addProduct, orderOf } from '../../support/shop.js';
import { startTestService, type TestService } from '../../support/test-service.js';

const WITHIN = { withinMs: 60_000 };
const NOBODYS = '01938f2e-8c3a-7b6e-9d1a-2f4c5e6a7b8c';

describe('Dead letters in Kafka', () => {
  const sandbox = createSandbox();
  let service: TestService;
  let user: ApiClient;
  let topic: KafkaTopic;
  let letters: KafkaTopic;

  beforeEach(async () => {
    service = await startTestService(serversWithKafka);
    user = await service.customer('alice');
    const { KAFKA_BROKERS = '', KAFKA_TOPIC = '' } = service.env;
    topic = new KafkaTopic(KAFKA_BROKERS, KAFKA_TOPIC);
    letters = new KafkaTopic(KAFKA_BROKERS, deadLetterTopic(KAFKA_TOPIC));
  });

  afterEach(async () => {
    sandbox.restore();
    await service[Symbol.asyncDispose]();
  });

  async function queue(productId: string): Promise<string> {
    const headers = { Prefer: 'respond-async' };
    const answer = await user.post('/v1/orders', orderOf(productId), headers);
    expect(answer.status).to.equal(202);
    return answer.body.id;
  }

  const settled = (id: string) =>
    eventually(async () => {
      const { body } = await user.get(`/v1/order-requests/${id}`);
      expect(body.status).not.to.equal('QUEUED');
      return body;
    }, WITHIN);

  it('keep a message of a wrong format with its cause, and do not delay the messages after it', async () => {
    const productId = await addProduct(service.admin);
    await settled(await queue(productId));
    const poison = ['no JSON', '{}', `{"requestId":"${NOBODYS}"}`];
    await topic.write(poison.map((value) => ({ key: productId, value })));
    expect(await settled(await queue(productId))).to.include({ status: 'CONFIRMED' });
    const deadLetters = await eventually(async () => {
      const read = await letters.read();
      expect(read).to.have.length(3);
      return read;
    }, WITHIN);
    expect(deadLetters.map(({ value }) => value)).to.deep.equal(poison);
    for (const { key, headers } of deadLetters) {
      expect(key).to.equal(productId);
      expect(headers['source-topic']).to.equal(topic.name);
      expect(headers['cause']).to.match(/(no|not an) order request/);
    }
  });

  it('keep a request that cannot be settled; only this request is rejected', async () => {
    const productId = await addProduct(service.admin);
    const settling = service.service.container.get(SettleOrderRequests);
    const execute = settling.execute.bind(settling);
    const held = Promise.withResolvers<void>();
    let poisoned = '';
    sandbox.stub(settling, 'execute').callsFake(async (ids) => {
      await held.promise;
      if (ids.includes(poisoned)) throw new TypeError('a mistake of ours');
      await execute(ids);
    });
    const before = await queue(productId);
    poisoned = await queue(productId);
    const behind = await queue(productId);
    held.resolve();
    expect(await settled(poisoned)).to.deep.equal({
      id: poisoned,
      status: 'REJECTED',
      code: 'internal_error',
    });
    expect(await settled(before)).to.include({ status: 'CONFIRMED' });
    expect(await settled(behind)).to.include({ status: 'CONFIRMED' });
    const [letter] = await letters.read();
    expect(JSON.parse(letter?.value ?? '')).to.include({ requestId: poisoned, userId: 'alice' });
    expect(letter?.headers['cause']).to.equal('TypeError: a mistake of ours');
  });

  it('do not exist when every message was settled', async () => {
    await settled(await queue(await addProduct(service.admin)));
    expect(await letters.size()).to.equal(0);
  });
});

describe('An instance without Kafka', () => {
  it('is ready, reports Kafka as down, and accepts order requests', async () => {
    await using service = await startTestService({
      name: 'Kafka that is down',
      open: async () => {
        const open = await serversWithKafka.open();
        return { ...open, env: { ...open.env, KAFKA_BROKERS: '127.0.0.1:1' } };
      },
    });
    const user = await service.customer('alice');
    const ready = await user.get('/readyz');
    expect(ready.status).to.equal(200);
    expect(JSON.stringify(ready.body)).to.match(/kafka/);
    const productId = await addProduct(service.admin);
    const headers = { Prefer: 'respond-async' };
    const answer = await user.post('/v1/orders', orderOf(productId), headers);
    expect(answer.status).to.equal(202);
    const { body } = await user.get(answer.headers.get('location') ?? '');
    expect(body.status).to.equal('QUEUED');
  });
});
