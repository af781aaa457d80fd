import type {
  OutboxChannel,
  OutboxEntry,
  OutboxPublisher,
  OutboxQueries,
  Outgoing,
} from '../../domain/events/outbox.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { Transaction, UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { roundRobin } from '../../domain/round-robin.js';

/** Handed over at once: few, so that a customer who comes next does not wait for many of another's. */
const BATCH = 64;

/** Among so many of the longest waiting, customers are served in turn. */
const LOOK_AHEAD = 2_000;

/** Who relays, for how long before it counts as dead. */
export interface RelayTerm {
  /** A process and no other. */
  readonly relay: string;
  readonly leaseMs: number;
}

/**
 * Hands a channel of the outbox over to its publisher, for all instances. A message leaves the
 * outbox only once the publisher has it for good, so none is lost wherever this dies; it may be
 * handed over twice.
 */
export class RelayOutbox<C extends OutboxChannel> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: OutboxQueries,
    private readonly publisher: OutboxPublisher<C>,
    private readonly clock: Clock,
    private readonly term: RelayTerm,
  ) {}

  /** Answers how many it handed over; none while another relay is at work. */
  async execute(stopped?: AbortSignal): Promise<number> {
    const isEmpty = (await this.next(1)).length === 0;
    if (isEmpty || !(await this.transact((tx) => this.claim(tx)))) return 0;
    try {
      return await this.handOverAll(stopped);
    } finally {
      // A lease left behind ends by itself, so the outcome stands whether or not this succeeds.
      await this.transact((tx) => tx.outbox.release(this.publisher.channel, this.lease)).catch(
        () => {},
      );
    }
  }

  private async handOverAll(stopped?: AbortSignal): Promise<number> {
    let relayed = 0;
    for (let isMine = true; isMine && !stopped?.aborted; ) {
      const waiting = await this.next(LOOK_AHEAD);
      const entries = roundRobin(waiting, ({ message }) => ownerOf(message)).slice(0, BATCH);
      if (entries.length === 0) break;
      const messages = entries.map(({ message }) => message);
      await this.publisher.publish(messages, stopped);
      isMine = await this.transact((tx) => this.handedOver(tx, entries));
      relayed += entries.length;
    }
    return relayed;
  }

  private async handedOver(tx: Transaction, entries: readonly OutboxEntry[]): Promise<boolean> {
    await tx.outbox.remove(entries);
    return this.claim(tx);
  }

  private next(limit: number): Promise<OutboxEntry<C>[]> {
    return this.outbox.next(this.publisher.channel, limit);
  }

  private claim(tx: Transaction): Promise<boolean> {
    return tx.outbox.claim(this.publisher.channel, this.lease);
  }

  private transact<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.unitOfWork.run({ locks: [] }, work);
  }

  private get lease() {
    return { ...this.term, now: this.clock.now() };
  }
}

/** Events keep their order: nobody waits for them. */
function ownerOf(message: Outgoing[OutboxChannel]): string | undefined {
  return 'userId' in message ? message.userId : undefined;
}
