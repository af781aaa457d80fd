import {
  type OutboxChannel,
  type OutboxEntry,
  OutboxQueries,
} from '../../../../domain/ports/outbox.js';
import type { OutboxTable } from '../tables/outbox-tables.js';

export class SqlOutboxQueries extends OutboxQueries {
  constructor(private readonly outbox: OutboxTable) {
    super();
  }

  override async next<C extends OutboxChannel>(
    channel: C,
    limit: number,
  ): Promise<OutboxEntry<C>[]> {
    const rows = await this.outbox.findAll({ where: { channel }, order: ['sequence'], limit });
    return rows.map((row) => {
      const { sequence = 0, content } = row.get();
      return { sequence, message: JSON.parse(content) };
    });
  }
}
