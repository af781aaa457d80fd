import {
  DataTypes,
  type Model,
  type ModelStatic,
  Op,
  type Sequelize,
  type Transaction,
} from 'sequelize';
import {
  type Backlog,
  OutboxBacklog,
  type OutboxChannel,
  type OutboxEntry,
  OutboxQueries,
  OutboxRepository,
  type Outgoing,
  type RelayLease,
} from '../../../../domain/events/outbox.js';
import { insertRows } from '../rows.js';
import type { OrderRequestsTable } from './order-requests.js';

export interface OutboxRow {
  /** The database numbers the rows. */
  sequence?: number;
  channel: string;
  /** The message as JSON. */
  content: string;
}

export interface OutboxRelayRow {
  outbox: string;
  relay: string;
  until: Date;
}

export type OutboxTable = ModelStatic<Model<OutboxRow>>;
export type OutboxRelaysTable = ModelStatic<Model<OutboxRelayRow>>;

export function defineOutbox(sequelize: Sequelize): OutboxTable {
  return sequelize.define<Model<OutboxRow>>('outbox', {
    sequence: { type: DataTypes.BIGINT, primaryKey: true, autoIncrement: true },
    channel: { type: DataTypes.STRING(16), allowNull: false },
    content: { type: DataTypes.TEXT('medium'), allowNull: false },
  });
}

export function defineOutboxRelays(sequelize: Sequelize): OutboxRelaysTable {
  return sequelize.define<Model<OutboxRelayRow>>('outbox_relays', {
    outbox: { type: DataTypes.STRING(32), primaryKey: true },
    relay: { type: DataTypes.STRING(64), allowNull: false },
    until: { type: DataTypes.DATE(3), allowNull: false, field: 'leased_until' },
  });
}

/**
 * The lease is a row. It is taken by a comparison, so it works in the same way on every database.
 */
export class SqlOutboxRepository extends OutboxRepository {
  constructor(
    private readonly tables: {
      readonly outbox: OutboxTable;
      readonly outboxRelays: OutboxRelaysTable;
    },
    private readonly transaction: Transaction,
  ) {
    super();
  }

  override async add<C extends OutboxChannel>(
    channel: C,
    messages: readonly Outgoing[C][],
  ): Promise<void> {
    const rows = messages.map((message) => ({ channel, content: JSON.stringify(message) }));
    // @plant outbox-in-transaction
    await insertRows(this.tables.outbox, rows, this.transaction);
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

export class SqlOutboxQueries extends OutboxQueries {
  constructor(private readonly outbox: OutboxTable) {
    super();
  }

  override async next<C extends OutboxChannel>(
    channel: C,
    limit: number,
  ): Promise<OutboxEntry<C>[]> {
    // Plain rows: models would cost time and add nothing.
    const rows = (await this.outbox.findAll({
      where: { channel },
      order: ['sequence'],
      limit,
      raw: true,
    })) as unknown as Required<OutboxRow>[];
    return rows.map(({ sequence, content }) => ({ sequence, message: JSON.parse(content) }));
  }
}

export class SqlOutboxBacklog extends OutboxBacklog {
  constructor(
    private readonly tables: {
      readonly outbox: OutboxTable;
      readonly orderRequests: OrderRequestsTable;
    },
  ) {
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
