import { expect } from 'chai';
import { v7 } from 'uuid';
import { KafkaProducer } from '../../../src/adapters/queue/kafka/kafka-producer.js';
import { ensureTopic } from '../../../src/adapters/queue/kafka/kafka-topics.js';
import { startKafka } from '../../../tools/servers/kafka/start-kafka.js';
import { KafkaTopic } from '../../support/kafka-topic.js';

describe('KafkaProducer', () => {
  it('sends more than a broker accepts at once, in order', async () => {
    await using kafka = await startKafka();
    const brokers = kafka.brokers.split(',').map((broker) => {
      const { hostname: host, port } = new URL(`kafka://${broker}`);
      return { host, port: Number(port) };
    });
    const settings = { brokers, clientId: 'test', partitions: 1, sessionMs: 6_000 };
    const topic = new KafkaTopic(kafka.brokers, `large-${v7()}`);
    await ensureTopic(settings, topic.name);
    const producer = new KafkaProducer(settings);
    const values = Array.from({ length: 150 }, (_, i) => `${i} `.padEnd(12_000, 'x'));
    await producer.send(
      topic.name,
      values.map((value) => ({ key: v7(), value })),
    );
    await producer.close();
    expect((await topic.read()).map(({ value }) => value)).to.deep.equal(values);
  }).timeout(60_000);
});
