import type {
  OutboxChannel,
  OutboxEntry,
  OutboxRepository,
  Outgoing,
  RelayLease,
} from '../../../domain/events/outbox.js';
import { ConcurrentUpdateError } from '../../../domain/ports/failures.js';
import { MemoryRows } from './memory-rows.js';

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
