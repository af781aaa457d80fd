import type { OutboxChannel, Outgoing } from '../../../../domain/events/outbox.js';
import { type Backlog, OutboxBacklog } from '../../../../domain/events/outbox-backlog.js';
import type { Tables } from '../tables/tables.js';

export class SqlOutboxBacklog extends OutboxBacklog {
  constructor(private readonly tables: Pick<Tables, 'outbox' | 'orderRequests'>) {
    super();
  }

  override async measure(channel: OutboxChannel): Promise<Backlog> {
    const { outbox } = this.tables;
    const first = await outbox.findOne({ where: { channel }, order: ['sequence'] });
    if (!first) return { entries: 0, oldestAt: undefined };
    const oldestAt = await this.timeOf(JSON.parse(first.get().content));
    return { entries: await outbox.count({ where: { channel } }), oldestAt };
  }

  private async timeOf(message: Outgoing[OutboxChannel]): Promise<Date | undefined> {
    if ('occurredAt' in message) return new Date(message.occurredAt);
    const request = await this.tables.orderRequests.findByPk(message.requestId);
    return request?.get().createdAt;
  }
}
