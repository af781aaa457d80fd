import { type Backlog, OutboxBacklog } from '../../../../domain/ports/outbox-backlog.js';
import type { Tables } from '../tables/tables.js';

export class SqlOutboxBacklog extends OutboxBacklog {
  constructor(private readonly tables: Pick<Tables, 'outbox' | 'orderRequests'>) {
    super();
  }

  override async measure(): Promise<Backlog> {
    const { outbox, orderRequests } = this.tables;
    const first = await outbox.findOne({ order: ['sequence'] });
    if (!first) return { entries: 0, oldestAt: undefined };
    const request = await orderRequests.findByPk(first.get().requestId);
    return { entries: await outbox.count(), oldestAt: request?.get().createdAt };
  }
}
