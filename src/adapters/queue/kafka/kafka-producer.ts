import { ProduceAcks, Producer } from '@platformatic/kafka';
import { DependencyUnavailableError } from '../../../domain/ports/failures.js';
import type { KafkaDelivered } from './kafka-delivered.js';
import { clientOptions, deadLetterTopic, type KafkaSettings } from './kafka-settings.js';
import { splitBySize } from './split-by-size.js';

/** Characters. */
const LONGEST_CAUSE = 1_000;

/** Of values in one request, which may all go to one partition: brokers refuse more than 1 MiB. */
const MOST_BYTES = 512 * 1024;

export interface OutgoingRecord {
  /** Records of one key stay in one partition, in their order. */
  readonly key: string | Buffer;
  readonly value: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Writes to topics, each record for good before it resolves. */
export class KafkaProducer {
  private readonly producer: Producer;

  constructor(settings: KafkaSettings) {
    this.producer = new Producer(clientOptions(settings));
    // Failures reach whoever sends; without a listener this one would end the process.
    this.producer.on('error', () => {});
  }

  /** @throws DependencyUnavailableError some may have been taken all the same */
  async send(topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    const messages = records.map(({ key, value, headers = {} }) => ({
      topic,
      key: Buffer.from(key),
      value: Buffer.from(value),
      headers: new Map(Object.entries(headers).map(inBytes)),
    }));
    try {
      for (const some of splitBySize(messages, ({ value }) => value.length, MOST_BYTES)) {
        await this.producer.send({ messages: some, acks: ProduceAcks.ALL });
      }
    } catch (error) {
      throw new DependencyUnavailableError('kafka', error);
    }
  }

  /** Keeps a message that cannot be settled beside its topic, with its place and the cause. */
  sendDeadLetter(message: KafkaDelivered<unknown>, cause: unknown): Promise<void> {
    const { key, value, topic, partition, offset } = message;
    const headers = {
      cause: String(cause).slice(0, LONGEST_CAUSE),
      'source-topic': topic,
      'source-partition': `${partition}`,
      'source-offset': `${offset}`,
    };
    return this.send(deadLetterTopic(topic), [{ key, value, headers }]);
  }

  async close(): Promise<void> {
    await this.producer.close(true);
  }
}

function inBytes([name, text]: [string, string]): [Buffer, Buffer] {
  return [Buffer.from(name), Buffer.from(text)];
}
