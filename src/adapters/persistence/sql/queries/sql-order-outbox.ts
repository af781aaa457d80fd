import { Op } from 'sequelize';
import { OrderOutbox, type OutboxEntry } from '../../../../domain/ports/order-outbox.js';
import type { Tables } from '../tables/tables.js';

const OUTBOX = 'orders';

/** The lease is a row that is taken by comparing, so it works on every database alike. */
export class SqlOrderOutbox extends OrderOutbox {
  constructor(private readonly tables: Pick<Tables, 'outbox' | 'outboxRelays'>) {
    super();
  }

  override async claim(relay: string, now: Date, leaseMs: number): Promise<boolean> {
    const until = new Date(now.getTime() + leaseMs);
    const isFree = { [Op.or]: [{ relay }, { until: { [Op.lte]: now } }] };
    const [claimed] = await this.tables.outboxRelays.update(
      { relay, until },
      { where: { outbox: OUTBOX, ...isFree } },
    );
    return claimed === 1;
  }

  override async release(relay: string, now: Date): Promise<void> {
    await this.tables.outboxRelays.update({ until: now }, { where: { outbox: OUTBOX, relay } });
  }

  override async next(limit: number): Promise<OutboxEntry[]> {
    const rows = await this.tables.outbox.findAll({ order: ['sequence'], limit });
    return rows.map((row) => {
      const { sequence = 0, messageKey: key, requestId } = row.get();
      return { sequence, key, requestId };
    });
  }

  override async remove(entries: readonly OutboxEntry[]): Promise<void> {
    const sequence = entries.map((entry) => entry.sequence);
    await this.tables.outbox.destroy({ where: { sequence } });
  }
}
