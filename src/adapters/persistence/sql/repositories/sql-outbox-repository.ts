import { Op, type QueryInterface, type Transaction } from 'sequelize';
import {
  type OutboxChannel,
  type OutboxEntry,
  OutboxRepository,
  type Outgoing,
  type RelayLease,
} from '../../../../domain/events/outbox.js';
import type { Tables } from '../tables/tables.js';

/** The lease is a row that is taken by comparing, so it works on every database alike. */
export class SqlOutboxRepository extends OutboxRepository {
  constructor(
    private readonly queries: QueryInterface,
    private readonly tables: Pick<Tables, 'outbox' | 'outboxRelays'>,
    private readonly transaction: Transaction,
  ) {
    super();
  }

  override async add<C extends OutboxChannel>(
    channel: C,
    messages: readonly Outgoing[C][],
  ): Promise<void> {
    const rows = messages.map((message) => ({ channel, content: JSON.stringify(message) }));
    const { transaction } = this;
    // Past the model, which would make an object of each row: every order comes by here.
    const table = this.tables.outbox.tableName;
    // @plant outbox-in-transaction
    await this.queries.bulkInsert(table, rows, { transaction });
  }

  override async remove(entries: readonly OutboxEntry[]): Promise<void> {
    const sequence = entries.map((entry) => entry.sequence);
    await this.tables.outbox.destroy({ where: { sequence }, transaction: this.transaction });
  }

  override async claim(
    outbox: OutboxChannel,
    { relay, now, leaseMs }: RelayLease,
  ): Promise<boolean> {
    const until = new Date(now.getTime() + leaseMs);
    const isFree = { [Op.or]: [{ relay }, { until: { [Op.lte]: now } }] };
    const [claimed] = await this.tables.outboxRelays.update(
      { relay, until },
      { where: { outbox, ...isFree }, transaction: this.transaction },
    );
    return claimed === 1;
  }

  override async release(outbox: OutboxChannel, { relay, now }: RelayLease): Promise<void> {
    const where = { outbox, relay };
    const { transaction } = this;
    await this.tables.outboxRelays.update({ until: now }, { where, transaction });
  }
}
