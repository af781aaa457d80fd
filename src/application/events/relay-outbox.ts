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

interface Pace {
  /** The oldest messages that are read for one batch. */
  readonly read: number;
  /** Messages of one batch, at most as many as are read. */
  readonly published: number;
  /**
   * Whether messages that come during a run wait for the next one. Then a run ends with the first batch that
   * is not full, and the process keeps the lease for its next run. Otherwise the run ends when nothing is
   * left, and any process may run next.
   */
  readonly isOncePerPeriod: boolean;
}

/**
 * Orders: a customer waits, so they leave as they come, by the process that accepted them. Batches are
 * small, and customers are served in turn among many messages, so that a new message does not wait for
 * many of another customer. Events: nobody waits, so they leave many at a time. They keep their sequence,
 * so what is read is published.
 */
const PACES: Readonly<Record<OutboxChannel, Pace>> = {
  orders: { read: 2_000, published: 64, isOncePerPeriod: false },
  events: { read: 256, published: 256, isOncePerPeriod: true },
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
  /** Until this time the process holds the lease. */
  #until = new Date(0);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: OutboxQueries,
    private readonly publisher: OutboxPublisher<C>,
    private readonly clock: Clock,
    private readonly terms: RelayLeaseTerms,
  ) {}

  /** Answers how many messages it published; 0 while another relay holds the lease. */
  async execute(stopped?: AbortSignal): Promise<number> {
    if ((await this.#next(1)).length === 0) return 0;
    try {
      // @plant relay-claim
      if (!(await this.#lead())) return 0;
      // @end relay-claim
      return await this.#publishAll(stopped);
    } catch (error) {
      // Another process may reach the publisher. When this fails too, the lease expires.
      await this.#giveUp().catch(() => {});
      throw error;
    }
  }

  /** Ends the lease of this process, so that another one relays at once. */
  async release(): Promise<void> {
    if (this.#until > this.clock.now()) await this.#giveUp();
  }

  async #giveUp(): Promise<void> {
    this.#until = new Date(0);
    await this.#transact((tx) => tx.outbox.release(this.#channel, this.#lease));
  }

  async #lead(): Promise<boolean> {
    return this.#leadsForLong() || this.#transact((tx) => this.#claim(tx));
  }

  /** At least half of the lease is left, so it needs no renewal. */
  #leadsForLong(): boolean {
    return this.#until.getTime() - this.clock.now().getTime() > this.terms.leaseMs / 2;
  }

  async #publishAll(stopped?: AbortSignal): Promise<number> {
    let relayed = 0;
    for (let goesOn = true; goesOn && !stopped?.aborted; ) {
      const entries = await this.#nextBatch();
      const messages = entries.map(({ message }) => message);
      // @plant relay-publish
      await this.publisher.publish(messages, stopped);
      goesOn = await this.#transact((tx) => this.#removePublished(tx, entries));
      relayed += entries.length;
    }
    return relayed;
  }

  async #nextBatch(): Promise<OutboxEntry<C>[]> {
    const { read, published } = this.#pace;
    const waiting = await this.#next(read);
    return roundRobin(waiting, ({ message }) => ownerOf(message)).slice(0, published);
  }

  /** Answers whether another batch follows in this run. */
  async #removePublished(tx: Transaction, entries: readonly OutboxEntry[]): Promise<boolean> {
    await tx.outbox.remove(entries);
    const { isOncePerPeriod, published } = this.#pace;
    if (isOncePerPeriod && entries.length < published) return false;
    if (isOncePerPeriod || !(await tx.outbox.isEmpty(this.#channel))) {
      return this.#leadsForLong() || this.#claim(tx);
    }
    await tx.outbox.release(this.#channel, this.#lease);
    this.#until = new Date(0);
    return false;
  }

  #next(limit: number): Promise<OutboxEntry<C>[]> {
    return this.outbox.next(this.#channel, limit);
  }

  async #claim(tx: Transaction): Promise<boolean> {
    const lease = this.#lease;
    const isMine = await tx.outbox.claim(this.#channel, lease);
    this.#until = isMine ? new Date(lease.now.getTime() + lease.leaseMs) : new Date(0);
    return isMine;
  }

  #transact<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.unitOfWork.run({ locks: [] }, work);
  }

  get #channel(): C {
    return this.publisher.channel;
  }

  get #pace(): Pace {
    return PACES[this.#channel];
  }

  get #lease() {
    return { ...this.terms, now: this.clock.now() };
  }
}

/** Only orders have an owner to be fair to; events keep their order. */
function ownerOf(message: Outgoing[OutboxChannel]): string | undefined {
  return 'userId' in message ? message.userId : undefined;
}
