import { OutboxPublisher } from '../events/outbox.js';

/** Delivers order requests to the consumers that settle them. */
export abstract class OrderQueue extends OutboxPublisher<'orders'> {
  override readonly channel = 'orders';
}
