import type { OrderMessage } from '../order-message.js';

/** A message as the outbox keeps it. */
export interface OutboxEntry extends OrderMessage {
  /** Rises from entry to entry: one that was committed before another began has the lesser. */
  readonly sequence: number;
}

/** Puts messages into the outbox with the transaction that they tell of. */
export abstract class OutboxRepository {
  abstract add(message: OrderMessage): Promise<void>;
}

/**
 * Messages that are committed and not yet with the queue. One relay at a time takes them out, by a
 * lease in the same database, so that they leave in the order of their sequence. The lease decides
 * nothing: two relays for a moment publish some messages twice, which consumers do not mind.
 */
export abstract class OrderOutbox {
  /** Whether this relay is the one, for the next `leaseMs`; anew or still. */
  abstract claim(relay: string, now: Date, leaseMs: number): Promise<boolean>;

  /** Lets another go on at once; nothing happens when it is another's by now. */
  abstract release(relay: string, now: Date): Promise<void>;

  /** The first ones, at most `limit`, in the order of their sequence. */
  abstract next(limit: number): Promise<OutboxEntry[]>;

  abstract remove(entries: readonly OutboxEntry[]): Promise<void>;
}
