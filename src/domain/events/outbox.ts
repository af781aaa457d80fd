import type { OrderMessage } from '../orders/order-message.js';
import type { DomainEvent } from './domain-event.js';

/** The messages of each outbox channel. Each channel has its own sequence and its own speed. */
export interface Outgoing {
  readonly orders: OrderMessage;
  readonly events: DomainEvent;
}

export type OutboxChannel = keyof Outgoing;

/** A message in the outbox. */
export interface OutboxEntry<C extends OutboxChannel = OutboxChannel> {
  /**
   * Rises from entry to entry. An entry that was committed before another one was added has the
   * lower number.
   */
  readonly sequence: number;
  readonly message: Outgoing[C];
}

/**
 * Messages that are committed and not published yet, inside a transaction.
 *
 * One relay at a time publishes the messages of a channel, so that they leave in their sequence. It
 * holds a lease in the same database. If two relays run for a moment, they publish some messages
 * twice, and the consumers ignore the repeats.
 */
export abstract class OutboxRepository {
  /**
   * Adds the messages in the given sequence, by one statement, in the transaction that caused them.
   */
  abstract add<C extends OutboxChannel>(
    channel: C,
    messages: readonly Outgoing[C][],
  ): Promise<void>;

  abstract remove(entries: readonly OutboxEntry[]): Promise<void>;

  abstract isEmpty(channel: OutboxChannel): Promise<boolean>;

  /**
   * Takes or extends the lease of the channel for `leaseMs`. False while another relay holds it.
   */
  abstract claim(channel: OutboxChannel, lease: RelayLease): Promise<boolean>;

  /** Ends the lease at once. Does nothing when another relay holds it. */
  abstract release(channel: OutboxChannel, lease: RelayLease): Promise<void>;
}

export interface RelayLease {
  /** Id of the process. */
  readonly relay: string;
  readonly now: Date;
  /** Milliseconds after which another relay may replace a relay that crashed. */
  readonly leaseMs: number;
}

/** Reads of the outbox, without lock or transaction. */
export abstract class OutboxQueries {
  /** The first messages of the channel by sequence, at most `limit`. */
  abstract next<C extends OutboxChannel>(channel: C, limit: number): Promise<OutboxEntry<C>[]>;
}

/**
 * Publishes the messages of a channel to its consumers, each at least once. Messages with one key
 * keep their sequence; messages with different keys are delivered in parallel.
 */
export abstract class OutboxPublisher<C extends OutboxChannel> {
  abstract readonly channel: C;

  /**
   * Resolves when all messages are stored durably; those with one key are stored in this sequence.
   * @throws DependencyUnavailableError the messages are not stored, or only some of them
   * @throws the reason of `stopped`; then some messages may be stored
   */
  abstract publish(messages: readonly Outgoing[C][], stopped?: AbortSignal): Promise<void>;
}

/** Delivers committed events to their consumers. */
export abstract class EventStream extends OutboxPublisher<'events'> {
  override readonly channel = 'events';

  /**
   * Whether events of this type have a consumer. Events without one are not recorded: each would be
   * written to the outbox, read and removed again, and nobody would see it.
   */
  abstract hasConsumer(type: DomainEvent['type']): boolean;
}

export interface Backlog {
  readonly entries: number;
  /** When the cause of the oldest message happened; undefined when there is no message. */
  readonly oldestAt: Date | undefined;
}

/** Measures the messages that a channel has not published yet. */
export abstract class OutboxBacklog {
  /** @throws DependencyUnavailableError */
  abstract measure(channel: OutboxChannel): Promise<Backlog>;
}
