import {
  type OutboxChannel,
  type OutboxEntry,
  OutboxQueries,
} from '../../../domain/events/outbox.js';
import type { MemoryDatabase } from './memory-database.js';

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
