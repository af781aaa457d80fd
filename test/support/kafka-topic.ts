import { Consumer, Producer } from '@platformatic/kafka';
import { v7 } from 'uuid';
import { withAdmin } from '../../tools/servers/kafka/with-admin.js';

export interface KafkaRecord {
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A topic as seen by any client that may write to Kafka and read from it. */
export class KafkaTopic {
  readonly #options: { clientId: string; bootstrapBrokers: string[] };

  constructor(
    private readonly brokers: string,
    readonly name: string,
  ) {
    this.#options = { clientId: 'test', bootstrapBrokers: brokers.split(',') };
  }

  async write(records: readonly { readonly key: string; readonly value: string }[]): Promise<void> {
    const producer = new Producer(this.#options);
    const messages = records.map(({ key, value }) => ({
      topic: this.name,
      key: Buffer.from(key),
      value: Buffer.from(value),
    }));
    await producer.send({ messages, acks: -1 });
    await producer.close();
  }

  /** The number of messages in the topic. */
  async size(): Promise<number> {
    const consumer = new Consumer({ ...this.#options, groupId: `test-${v7()}` });
    try {
      const offsets = await consumer.listOffsets({ topics: [this.name], timestamp: -1n });
      return Number([...offsets.values()].flat().reduce((sum, offset) => sum + offset, 0n));
    } finally {
      await close(consumer);
    }
  }

  /** All messages that are in the topic now. */
  async read(): Promise<KafkaRecord[]> {
    const expected = await this.size();
    const records: KafkaRecord[] = [];
    if (expected === 0) return records;
    const consumer = new Consumer({ ...this.#options, groupId: `test-${v7()}`, maxWaitTime: 200 });
    try {
      const stream = await consumer.consume({
        topics: [this.name],
        mode: 'earliest',
        autocommit: false,
      });
      for await (const { key, value, headers } of stream) {
        const text = [...headers].map(([name, content]) => [String(name), String(content)]);
        records.push({ key: `${key}`, value: `${value}`, headers: Object.fromEntries(text) });
        if (records.length === expected) break;
      }
      return records;
    } finally {
      await close(consumer);
    }
  }

  /** The topics whose names begin with the name of this one. */
  async named(): Promise<string[]> {
    const topics = await withAdmin(this.brokers, (admin) => admin.listTopics());
    return topics.filter((topic) => topic.startsWith(this.name));
  }

  async drop(): Promise<void> {
    await withAdmin(this.brokers, (admin) => admin.deleteTopics({ topics: [this.name] }));
  }
}

function close(consumer: Consumer): Promise<void> {
  return new Promise((resolve) => consumer.close(true, () => resolve()));
}
