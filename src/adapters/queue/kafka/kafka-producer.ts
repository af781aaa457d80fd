import { ProduceAcks, Producer } from '@platformatic/kafka';
import { DependencyUnavailableError } from '../../../domain/ports/failures.js';
import type { KafkaDelivered } from './kafka-delivered.js';
import { clientOptions, deadLetterTopic, type KafkaSettings } from './kafka-settings.js';
import { splitBySize } from './split-by-size.js';

/** Most characters of a cause. */
const MAX_CAUSE_LENGTH = 1_000;

/** Most bytes of the values in one request; brokers refuse more than 1 MiB for one partition. */
const MAX_REQUEST_BYTES = 512 * 1024;

export interface OutgoingRecord {
  /** Records with one key go to one partition and keep their order. */
  readonly key: string | Buffer;
  readonly value: string | Buffer;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Writes to topics; `send` resolves after all in-sync replicas have the records. */
export class KafkaProducer {
  readonly #producer: Producer;

  constructor(settings: KafkaSettings) {
    this.#producer = new Producer(clientOptions(settings));
    // `send` rejects too; without a listener the error would end the process.
    this.#producer.on('error', () => {});
  }

  /** @throws DependencyUnavailableError some records may have been written */
  async send(topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    const messages = records.map(({ key, value, headers = {} }) => ({
      topic,
      key: Buffer.from(key),
      value: Buffer.from(value),
      headers: new Map(Object.entries(headers).map(inBytes)),
    }));
    try {
      for (const some of splitBySize(messages, ({ value }) => value.length, MAX_REQUEST_BYTES)) {
        await this.#producer.send({ messages: some, acks: ProduceAcks.ALL });
      }
    } catch (error) {
      throw new DependencyUnavailableError('kafka', error);
    }
  }

  /** Writes a message that cannot be settled to the dead-letter topic, with its place and the cause. */
  sendDeadLetter(message: KafkaDelivered<unknown>, cause: unknown): Promise<void> {
    const { key, value, topic, partition, offset } = message;
    const headers = {
      cause: String(cause).slice(0, MAX_CAUSE_LENGTH),
      'source-topic': topic,
      'source-partition': `${partition}`,
      'source-offset': `${offset}`,
    };
    return this.send(deadLetterTopic(topic), [{ key, value, headers }]);
  }

  async close(): Promise<void> {
    await this.#producer.close(true);
  }
}

function inBytes([name, text]: [string, string]): [Buffer, Buffer] {
  return [Buffer.from(name), Buffer.from(text)];
}
