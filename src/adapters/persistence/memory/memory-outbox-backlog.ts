import type { OutboxChannel, Outgoing } from '../../../domain/events/outbox.js';
import { type Backlog, OutboxBacklog } from '../../../domain/events/outbox-backlog.js';
import type { MemoryDatabase } from './memory-database.js';

export class MemoryOutboxBacklog extends OutboxBacklog {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async measure(channel: OutboxChannel): Promise<Backlog> {
    const stored = [...this.database.tables.outbox.values()];
    const entries = stored.filter((entry) => entry.channel === channel);
    const [first] = entries.sort((one, other) => one.sequence - other.sequence);
    return { entries: entries.length, oldestAt: first && this.timeOf(first.message) };
  }

  private timeOf(message: Outgoing[OutboxChannel]): Date | undefined {
    if ('occurredAt' in message) return new Date(message.occurredAt);
    return this.database.tables.orderRequests.get(message.requestId)?.createdAt;
  }
}
