import { expect } from 'chai';
import { v7 } from 'uuid';
import { KafkaHealthCheck } from '../../../src/adapters/queue/kafka/kafka-health-check.js';
import { readSettings } from '../../../src/config/settings/settings.js';
import { kafkaSecurity } from '../../../src/config/settings/tls/kafka-security.js';
import { eventually } from '../../../tools/servers/eventually.js';
import { ApiClient } from '../../support/api-client.js';
import { type Env, embedded } from '../../support/backends.js';
import { InstanceProcess } from '../../support/instance-process.js';
import { KafkaTopic } from '../../support/kafka-topic.js';
import { addProduct, orderOf } from '../../support/shop.js';
import { Authority, type Certificate } from './certificates.js';
import { expectRefusedStart } from './refused-start.js';
import { SecuredKafka } from './secured-kafka.js';

const PASSWORD = 'secret,of=shop';

describe('TLS and SASL to Kafka', () => {
  let authority: Authority;
  let stranger: Authority;
  let client: Certificate;
  let kafka: SecuredKafka;
  let trusting: Env;

  before(async () => {
    authority = await Authority.create();
    stranger = await Authority.create();
    client = await authority.issue({ of: 'shop' });
    kafka = await SecuredKafka.start(authority, { shop: PASSWORD });
    trusting = { KAFKA_TLS: 'on', KAFKA_TLS_CA: authority.ca };
  });
  after(async () => {
    await kafka?.[Symbol.asyncDispose]();
    await authority?.[Symbol.asyncDispose]();
    await stranger?.[Symbol.asyncDispose]();
  });

  function asShop(mechanism: string, password = PASSWORD): Env {
    const user = { KAFKA_SASL_USERNAME: 'shop', KAFKA_SASL_PASSWORD: password };
    return { ...trusting, KAFKA_BROKERS: kafka.sasl, KAFKA_SASL_MECHANISM: mechanism, ...user };
  }

  function withCertificate({ cert, key }: Certificate): Env {
    const files = { KAFKA_TLS_CERT: cert, KAFKA_TLS_KEY: key };
    return { ...trusting, KAFKA_BROKERS: kafka.mutual, ...files };
  }

  /** Expects that an order goes through the queue, and that its events reach their topic. */
  async function expectToWork(env: Env): Promise<void> {
    await using backend = await embedded.open();
    const topic = `test-${v7()}`;
    const all = { ...backend.env, ...env, KAFKA_TOPIC: topic, LOG_LEVEL: 'trace' };
    await using instance = await InstanceProcess.start(all);
    let log = '';
    instance.listen((text) => {
      log += text;
    });
    const admin = await ApiClient.of(instance.url, all, 'admin', 'admin');
    const productId = await addProduct(admin, { stock: 2 });
    const asynchronous = { Prefer: 'respond-async' };
    const accepted = await admin.post('/v1/orders', orderOf(productId), asynchronous);
    expect(accepted.status).to.equal(202);
    await eventually(async () => {
      const request = await admin.get(accepted.headers.get('location') ?? '');
      expect(request.body.status).to.equal('CONFIRMED');
    });
    await eventually(async () => {
      const ready = await admin.get('/readyz');
      expect(ready.body.dependencies.kafka).to.deep.equal({ status: 'up' });
    });
    // Read without TLS, to show that the message went through this broker.
    expect(await new KafkaTopic(kafka.plain, topic).size()).to.equal(1);
    expect(log).not.to.include(PASSWORD);
  }

  /** Expects an answer on a connection with the service's own options. */
  async function expectAnswer(env: Env): Promise<void> {
    const settings = readSettings({ ...env });
    const brokers = settings.KAFKA_BROKERS ?? [];
    const check = new KafkaHealthCheck({
      brokers,
      clientId: 'test',
      security: kafkaSecurity(settings, brokers),
      ...{ partitions: 1, sessionMs: 10_000 },
    });
    try {
      await check.check();
    } finally {
      await check.close();
    }
  }

  it('encrypts every connection, with a certificate where the broker demands one', () =>
    expectToWork(withCertificate(client)));

  it('authenticates as a user on every connection', () => expectToWork(asShop('SCRAM-SHA-512')));

  for (const mechanism of ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']) {
    it(`authenticates as a user by ${mechanism}, and does not start with a wrong password`, async () => {
      await expectAnswer(asShop(mechanism));
      const wrong = asShop(mechanism, 'secret-of-nobody');
      const said = /^KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD: /;
      await expectRefusedStart(wrong, said, ['secret-of-nobody']);
    });
  }

  it('does not start with a user when the broker accepts none', async () => {
    const env = { ...asShop('PLAIN'), ...withCertificate(client) };
    await expectRefusedStart(env, /^KAFKA_SASL_MECHANISM: /, [PASSWORD]);
  });

  it('does not start with a certificate of another CA, or for another host', async () => {
    const unknown = /^KAFKA_TLS: .*trusted CA.*KAFKA_TLS_CA/;
    await expectRefusedStart({ ...asShop('PLAIN'), KAFKA_TLS_CA: stranger.ca }, unknown);
    const KAFKA_BROKERS = kafka.sasl.replace('127.0.0.1', 'localhost');
    const elsewhere = { ...asShop('PLAIN'), KAFKA_BROKERS };
    await expectRefusedStart(elsewhere, /^KAFKA_TLS: .*another host.*KAFKA_TLS_SERVER_NAME/);
  });

  it('accepts an unverified certificate, or another name, when the settings say so', async () => {
    const KAFKA_BROKERS = kafka.sasl.replace('127.0.0.1', 'localhost');
    const elsewhere = { ...asShop('PLAIN'), KAFKA_BROKERS };
    await expectAnswer({ ...elsewhere, KAFKA_TLS_SERVER_NAME: 'shop.test' });
    await expectAnswer({ ...elsewhere, KAFKA_TLS: 'verify-ca' });
    await expectAnswer({ ...elsewhere, KAFKA_TLS: 'unverified', KAFKA_TLS_CA: '' });
  });

  it('does not start without the certificate that the broker demands', async () => {
    const env = { ...trusting, KAFKA_BROKERS: kafka.mutual };
    await expectRefusedStart(env, /^KAFKA_TLS: .*KAFKA_TLS_CERT, KAFKA_TLS_KEY/);
  });

  it('sends nothing in plain text to a broker without TLS', async () => {
    await using backend = await embedded.open();
    const topic = `test-${v7()}`;
    const env = { ...backend.env, ...trusting, KAFKA_BROKERS: kafka.plain, KAFKA_TOPIC: topic };
    await using instance = await InstanceProcess.start({ ...env, LOG_LEVEL: 'warn' });
    let log = '';
    instance.listen((text) => {
      log += text;
    });
    await eventually(() => expect(log).to.include('broker supports TLS'));
    const { body } = await new ApiClient(instance.url).get('/readyz');
    expect(body.dependencies.kafka.status).to.equal('down');
    expect(await new KafkaTopic(kafka.plain, topic).named()).to.deep.equal([]);
  });
});
