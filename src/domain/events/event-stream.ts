import { OutboxPublisher } from './outbox.js';

/** Brings what has happened to whoever wants to know. */
export abstract class EventStream extends OutboxPublisher<'events'> {
  override readonly channel = 'events';
}
