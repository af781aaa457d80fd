import { ProduceAcks, Producer } from '@platformatic/kafka';
import type { OrderMessage } from '../../../domain/order-message.js';
import { DependencyUnavailableError } from '../../../domain/ports/failures.js';
import { OrderQueue } from '../../../domain/ports/order-queue.js';
import type { KafkaDelivered } from './kafka-delivered.js';
import { clientOptions, deadLetterTopic, type KafkaSettings } from './kafka-settings.js';
import { encodeOrderMessage } from './order-message-codec.js';

/** Characters. */
const LONGEST_CAUSE = 1_000;

interface OutgoingMessage {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly headers?: Map<Buffer, Buffer>;
}

/** Order requests in a topic, keyed by product, so that each product's stay in one partition. */
export class KafkaOrderQueue extends OrderQueue {
  private readonly producer: Producer;

  constructor(private readonly settings: KafkaSettings) {
    super();
    this.producer = new Producer(clientOptions(settings));
    // Failures reach whoever sends; without a listener this one would end the process.
    this.producer.on('error', () => {});
  }

  override publish(messages: readonly OrderMessage[]): Promise<void> {
    const outgoing = messages.map((message) => ({
      key: Buffer.from(message.key),
      value: Buffer.from(encodeOrderMessage(message)),
    }));
    return this.send(this.settings.topic, outgoing);
  }

  /** Keeps a message that cannot be settled beside the topic, with its place and the cause. */
  bury({ key, value, topic, partition, offset }: KafkaDelivered, cause: unknown): Promise<void> {
    const said = {
      cause: String(cause).slice(0, LONGEST_CAUSE),
      'source-topic': topic,
      'source-partition': `${partition}`,
      'source-offset': `${offset}`,
    };
    const bytes = Object.entries(said).map((pair) => pair.map((text) => Buffer.from(text)));
    const headers = new Map(bytes as [Buffer, Buffer][]);
    return this.send(deadLetterTopic(topic), [{ key, value, headers }]);
  }

  async close(): Promise<void> {
    await this.producer.close(true);
  }

  private async send(topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
    try {
      await this.producer.send({
        messages: messages.map((message) => ({ topic, ...message })),
        acks: ProduceAcks.ALL,
      });
    } catch (error) {
      throw new DependencyUnavailableError('kafka', error);
    }
  }
}
