import {
  type Backlog,
  OutboxBacklog,
  type OutboxChannel,
  type OutboxEntry,
  OutboxQueries,
  type OutboxRepository,
  type Outgoing,
  type RelayLease,
} from '../../../domain/events/outbox.js';
import { ConcurrentUpdateError } from '../../../domain/ports/failures.js';
import { type MemoryDatabase, MemoryRows } from './memory-database.js';

let last = 0;

export class MemoryOutboxRepository extends MemoryRows implements OutboxRepository {
  async add<C extends OutboxChannel>(channel: C, messages: readonly Outgoing[C][]): Promise<void> {
    const stored = messages.map((message) => ({ channel, message, sequence: ++last }));
    this.write(({ outbox }) => {
      for (const entry of stored) outbox.set(entry.sequence, entry);
    });
  }

  async remove(entries: readonly OutboxEntry[]): Promise<void> {
    this.write(({ outbox }) => {
      for (const { sequence } of entries) outbox.delete(sequence);
    });
  }

  async isEmpty(channel: OutboxChannel): Promise<boolean> {
    return [...this.tables.outbox.values()].every((entry) => entry.channel !== channel);
  }

  async claim(channel: OutboxChannel, { relay, now, leaseMs }: RelayLease): Promise<boolean> {
    const before = this.tables.relays.get(channel);
    if (before && before.relay !== relay && before.until > now) return false;
    const until = new Date(now.getTime() + leaseMs);
    this.write(({ relays }) => {
      if (relays.get(channel) !== before) throw new ConcurrentUpdateError(`${channel} was claimed`);
      relays.set(channel, { relay, until });
    });
    return true;
  }

  async release(channel: OutboxChannel, { relay, now }: RelayLease): Promise<void> {
    this.write(({ relays }) => {
      if (relays.get(channel)?.relay === relay) relays.set(channel, { relay, until: now });
    });
  }
}

export class MemoryOutboxQueries extends OutboxQueries {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async next<C extends OutboxChannel>(
    channel: C,
    limit: number,
  ): Promise<OutboxEntry<C>[]> {
    const stored = [...this.database.tables.outbox.values()];
    const entries = stored.filter((entry) => entry.channel === channel);
    entries.sort((a, b) => a.sequence - b.sequence);
    return entries.slice(0, limit).map(({ sequence, message }) => ({
      sequence,
      message: message as OutboxEntry<C>['message'],
    }));
  }
}

export class MemoryOutboxBacklog extends OutboxBacklog {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async measure(channel: OutboxChannel): Promise<Backlog> {
    const stored = [...this.database.tables.outbox.values()];
    const entries = stored.filter((entry) => entry.channel === channel);
    const [first] = entries.sort((one, other) => one.sequence - other.sequence);
    return { entries: entries.length, oldestAt: first && this.#timeOf(first.message) };
  }

  #timeOf(message: Outgoing[OutboxChannel]): Date | undefined {
    if ('occurredAt' in message) return new Date(message.occurredAt);
    return this.database.tables.orderRequests.get(message.requestId)?.createdAt;
  }
}
