import { OutboxPublisher } from '../events/outbox.js';

/** What travels through the queue for an order request: its name, and whose turn it waits for. */
export interface OrderMessage {
  /** Id of the product in whose queue it stands; messages of one key keep their order. */
  readonly key: string;
  readonly requestId: string;
  /** Who asked, so that the queue serves customers in turn; absent in messages of earlier versions. */
  readonly userId?: string;
}

/** Brings order requests to whoever settles them. */
export abstract class OrderQueue extends OutboxPublisher<'orders'> {
  override readonly channel = 'orders';
}
