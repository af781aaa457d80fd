import { type Backlog, OutboxBacklog } from '../../../domain/ports/outbox-backlog.js';
import type { MemoryDatabase } from './memory-database.js';

export class MemoryOutboxBacklog extends OutboxBacklog {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async measure(): Promise<Backlog> {
    const { outbox, orderRequests } = this.database.tables;
    const [first] = [...outbox.values()].sort((one, other) => one.sequence - other.sequence);
    const oldest = first && orderRequests.get(first.requestId);
    return { entries: outbox.size, oldestAt: oldest?.createdAt };
  }
}
