import type { OrderMessage } from '../orders/order-message.js';
import type { DomainEvent } from './domain-event.js';

/** What leaves through the outbox: each channel in its own order and at its own pace. */
export interface Outgoing {
  readonly orders: OrderMessage;
  readonly events: DomainEvent;
}

export type OutboxChannel = keyof Outgoing;

/** A message as the outbox keeps it. */
export interface OutboxEntry<C extends OutboxChannel = OutboxChannel> {
  /** Rises from entry to entry: one that was committed before another began has the lesser. */
  readonly sequence: number;
  readonly message: Outgoing[C];
}

/**
 * Messages that are committed and not yet handed over, inside a transaction. One relay at a time
 * takes those of a channel out, by a lease in the same database, so that they leave in the order
 * of their sequence. The lease decides nothing: two relays for a moment hand some messages over
 * twice, which those who receive them do not mind.
 */
export abstract class OutboxRepository {
  /** Adds the messages in this sequence, by one statement, in the transaction of their cause. */
  abstract add<C extends OutboxChannel>(
    channel: C,
    messages: readonly Outgoing[C][],
  ): Promise<void>;

  abstract remove(entries: readonly OutboxEntry[]): Promise<void>;

  /** Takes or extends the lease of the channel for `leaseMs`; false while another relay holds it. */
  abstract claim(channel: OutboxChannel, lease: RelayLease): Promise<boolean>;

  /** Ends the lease at once; does nothing when another relay holds it. */
  abstract release(channel: OutboxChannel, lease: RelayLease): Promise<void>;
}

export interface RelayLease {
  /** Id of the process. */
  readonly relay: string;
  readonly now: Date;
  /** Milliseconds after which another relay may take over from one that crashed. */
  readonly leaseMs: number;
}

/** Reads of the outbox, without lock or transaction. */
export abstract class OutboxQueries {
  /** The first ones, at most `limit`, in the order of their sequence. */
  abstract next<C extends OutboxChannel>(channel: C, limit: number): Promise<OutboxEntry<C>[]>;
}

/**
 * Delivers the messages of a channel to its consumers: those of one key in the sequence in
 * which they were published, at least once, different keys beside each other.
 */
export abstract class OutboxPublisher<C extends OutboxChannel> {
  abstract readonly channel: C;

  /**
   * Resolves once all messages are stored durably, those of each key in this sequence.
   * @throws DependencyUnavailableError they are not stored, or only some of them
   * @throws the reason of `stopped`, likewise
   */
  abstract publish(messages: readonly Outgoing[C][], stopped?: AbortSignal): Promise<void>;
}

/** Delivers committed events to their consumers. */
export abstract class EventStream extends OutboxPublisher<'events'> {
  override readonly channel = 'events';
}

export interface Backlog {
  readonly entries: number;
  /** When the cause of the oldest message happened; undefined while there is no message. */
  readonly oldestAt: Date | undefined;
}

/** Measures the messages that a channel has not handed over yet. */
export abstract class OutboxBacklog {
  /** @throws DependencyUnavailableError */
  abstract measure(channel: OutboxChannel): Promise<Backlog>;
}
