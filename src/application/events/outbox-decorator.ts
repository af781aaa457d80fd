import {
  type OutboxChannel,
  type OutboxEntry,
  OutboxRepository,
  type Outgoing,
  type RelayLease,
} from '../../domain/events/outbox.js';

/** An outbox that adds messages in its own way, and leaves all that the relay does to `inner`. */
export abstract class OutboxDecorator extends OutboxRepository {
  constructor(protected readonly inner: OutboxRepository) {
    super();
  }

  abstract override add<C extends OutboxChannel>(
    channel: C,
    messages: readonly Outgoing[C][],
  ): Promise<void>;

  override remove(entries: readonly OutboxEntry[]): Promise<void> {
    return this.inner.remove(entries);
  }

  override isEmpty(channel: OutboxChannel): Promise<boolean> {
    return this.inner.isEmpty(channel);
  }

  override claim(channel: OutboxChannel, lease: RelayLease): Promise<boolean> {
    return this.inner.claim(channel, lease);
  }

  override release(channel: OutboxChannel, lease: RelayLease): Promise<void> {
    return this.inner.release(channel, lease);
  }
}
