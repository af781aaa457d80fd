import type { OrderMessage } from '../orders/order-queue.js';
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
  /** In this order, by one statement; committed with what the messages tell of, or not at all. */
  abstract add<C extends OutboxChannel>(
    channel: C,
    messages: readonly Outgoing[C][],
  ): Promise<void>;

  abstract remove(entries: readonly OutboxEntry[]): Promise<void>;

  /** Whether this relay is the channel's, for the next `leaseMs`; anew or still. */
  abstract claim(channel: OutboxChannel, lease: RelayLease): Promise<boolean>;

  /** Lets another go on at once; nothing happens when it is another's by now. */
  abstract release(channel: OutboxChannel, lease: RelayLease): Promise<void>;
}

export interface RelayLease {
  /** A process and no other. */
  readonly relay: string;
  readonly now: Date;
  /** After this a relay that died is followed by another. */
  readonly leaseMs: number;
}

/** Reads of the outbox, without lock or transaction. */
export abstract class OutboxQueries {
  /** The first ones, at most `limit`, in the order of their sequence. */
  abstract next<C extends OutboxChannel>(channel: C, limit: number): Promise<OutboxEntry<C>[]>;
}

/**
 * Brings the messages of a channel to whoever is to have them: those of one key in the order in
 * which they were published, at least once, different keys beside each other.
 */
export abstract class OutboxPublisher<C extends OutboxChannel> {
  abstract readonly channel: C;

  /**
   * Resolves once all of them are kept for good, each key's in this order.
   * @throws DependencyUnavailableError they are not; some may have been taken all the same
   * @throws the reason of `stopped`, likewise
   */
  abstract publish(messages: readonly Outgoing[C][], stopped?: AbortSignal): Promise<void>;
}

/** Brings what has happened to whoever wants to know. */
export abstract class EventStream extends OutboxPublisher<'events'> {
  override readonly channel = 'events';
}

export interface Backlog {
  readonly entries: number;
  /** When what waits longest came about; undefined while nothing waits. */
  readonly oldestAt: Date | undefined;
}

/** How far the relay of a channel is behind. */
export abstract class OutboxBacklog {
  /** @throws DependencyUnavailableError */
  abstract measure(channel: OutboxChannel): Promise<Backlog>;
}
