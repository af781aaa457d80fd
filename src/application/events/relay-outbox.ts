import type {
  OutboxChannel,
  OutboxEntry,
  OutboxPublisher,
  OutboxQueries,
  Outgoing,
} from '../../domain/events/outbox.js';
import { roundRobin } from '../../domain/orders/round-robin.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { Transaction, UnitOfWork } from '../../domain/ports/unit-of-work.js';

interface Batches {
  /** The oldest messages that are read for one batch. */
  readonly read: number;
  /** Messages of one batch, at most as many as are read. */
  readonly published: number;
}

/**
 * Orders: batches are small, and customers are served in turn among many messages, so that a new
 * message does not wait for many of another customer. Events keep their sequence, so what is read is
 * published.
 */
const BATCHES: Readonly<Record<OutboxChannel, Batches>> = {
  orders: { read: 2_000, published: 64 },
  events: { read: 256, published: 256 },
};

/** The process that relays, and how long its lease lasts, in milliseconds. */
export interface RelayLeaseTerms {
  /** Unique to the process. */
  readonly relay: string;
  readonly leaseMs: number;
}

/**
 * Moves the messages of one outbox channel to their publisher, for all instances. A message is removed
 * from the outbox after the publisher has stored it. So no message is lost when this process dies; a
 * message may be published twice.
 */
export class RelayOutbox<C extends OutboxChannel> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: OutboxQueries,
    private readonly publisher: OutboxPublisher<C>,
    private readonly clock: Clock,
    private readonly terms: RelayLeaseTerms,
  ) {}

  /** Answers how many messages it published; 0 while another relay holds the lease. */
  async execute(stopped?: AbortSignal): Promise<number> {
    const isEmpty = (await this.#next(1)).length === 0;
    // @plant relay-claim
    if (isEmpty || !(await this.#transact((tx) => this.#claim(tx)))) return 0;
    // @end relay-claim
    try {
      return await this.#publishAll(stopped);
    } finally {
      // The outcome stays the same when this fails: the lease then expires.
      await this.#transact((tx) => tx.outbox.release(this.publisher.channel, this.#lease)).catch(
        () => {},
      );
    }
  }

  async #publishAll(stopped?: AbortSignal): Promise<number> {
    const { read, published } = BATCHES[this.publisher.channel];
    let relayed = 0;
    for (let isLeader = true; isLeader && !stopped?.aborted; ) {
      const waiting = await this.#next(read);
      const entries = roundRobin(waiting, ({ message }) => ownerOf(message)).slice(0, published);
      if (entries.length === 0) break;
      const messages = entries.map(({ message }) => message);
      // @plant relay-publish
      await this.publisher.publish(messages, stopped);
      isLeader = await this.#transact((tx) => this.#removePublished(tx, entries));
      relayed += entries.length;
    }
    return relayed;
  }

  async #removePublished(tx: Transaction, entries: readonly OutboxEntry[]): Promise<boolean> {
    await tx.outbox.remove(entries);
    return this.#claim(tx);
  }

  #next(limit: number): Promise<OutboxEntry<C>[]> {
    return this.outbox.next(this.publisher.channel, limit);
  }

  #claim(tx: Transaction): Promise<boolean> {
    return tx.outbox.claim(this.publisher.channel, this.#lease);
  }

  #transact<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.unitOfWork.run({ locks: [] }, work);
  }

  get #lease() {
    return { ...this.terms, now: this.clock.now() };
  }
}

/** Only orders have an owner to be fair to; events keep their order. */
function ownerOf(message: Outgoing[OutboxChannel]): string | undefined {
  return 'userId' in message ? message.userId : undefined;
}
