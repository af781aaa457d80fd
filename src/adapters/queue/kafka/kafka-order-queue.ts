import type { OrderMessage } from '../../../domain/orders/order-message.js';
import { OrderQueue } from '../../../domain/orders/order-queue.js';
import type { KafkaProducer } from './kafka-producer.js';
import { encodeOrderMessage } from './order-message-codec.js';

/** Publishes order requests to a topic, keyed by product: those of one product share a partition. */
export class KafkaOrderQueue extends OrderQueue {
  constructor(
    private readonly producer: KafkaProducer,
    private readonly topic: string,
    /** Id of the database with the requests. */
    private readonly installation: string,
  ) {
    super();
  }

  override publish(messages: readonly OrderMessage[]): Promise<void> {
    const records = messages.map((message) => ({
      key: message.key,
      value: encodeOrderMessage({ ...message, installation: this.installation }),
      // @plant trace-to-kafka
      headers: message.trace,
    }));
    return this.producer.send(this.topic, records);
  }
}
