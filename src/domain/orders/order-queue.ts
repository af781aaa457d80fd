import { OutboxPublisher } from '../events/outbox.js';

/** Brings order requests to whoever settles them. */
export abstract class OrderQueue extends OutboxPublisher<'orders'> {
  override readonly channel = 'orders';
}
