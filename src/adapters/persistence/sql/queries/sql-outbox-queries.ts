import {
  type OutboxChannel,
  type OutboxEntry,
  OutboxQueries,
} from '../../../../domain/events/outbox.js';
import type { OutboxRow, OutboxTable } from '../tables/outbox-tables.js';

export class SqlOutboxQueries extends OutboxQueries {
  constructor(private readonly outbox: OutboxTable) {
    super();
  }

  override async next<C extends OutboxChannel>(
    channel: C,
    limit: number,
  ): Promise<OutboxEntry<C>[]> {
    // Rows as they come: nothing is gained by making a model of each.
    const rows = (await this.outbox.findAll({
      where: { channel },
      order: ['sequence'],
      limit,
      raw: true,
    })) as unknown as Required<OutboxRow>[];
    return rows.map(({ sequence, content }) => ({ sequence, message: JSON.parse(content) }));
  }
}
