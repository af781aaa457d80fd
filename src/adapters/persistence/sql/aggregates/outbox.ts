import {
  DataTypes,
  type Model,
  type ModelStatic,
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
import { padded, placeholders, Statements } from '../connections/statements.js';
import type { TranslatingSequelize } from '../connections/translating-sequelize.js';
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
    if (entries.length === 0) return;
    const sequences = padded(entries.map(({ sequence }) => sequence));
    await Statements.of(this.transaction).change(
      `DELETE FROM outbox WHERE sequence IN (${placeholders(sequences.length)})`,
      sequences,
    );
  }

  override async isEmpty(channel: OutboxChannel): Promise<boolean> {
    const rows = await Statements.of(this.transaction).read(
      'SELECT sequence FROM outbox WHERE channel = ? LIMIT 1',
      [channel],
    );
    return rows.length === 0;
  }

  override async claim(
    outbox: OutboxChannel,
    { relay, now, leaseMs }: RelayLease,
  ): Promise<boolean> {
    const until = new Date(now.getTime() + leaseMs);
    const claimed = await Statements.of(this.transaction).change(
      `UPDATE outbox_relays SET relay = ?, leased_until = ?
       WHERE outbox = ? AND (relay = ? OR leased_until <= ?)`,
      [relay, until, outbox, relay, now],
    );
    if (claimed === 1) return true;
    // MySQL counts changed rows: none where this relay extends its lease within one millisecond.
    const same = await Statements.of(this.transaction).read(
      'SELECT relay FROM outbox_relays WHERE outbox = ? AND relay = ? AND leased_until = ?',
      [outbox, relay, until],
    );
    return same.length === 1;
  }

  override async release(outbox: OutboxChannel, { relay, now }: RelayLease): Promise<void> {
    await Statements.of(this.transaction).change(
      'UPDATE outbox_relays SET leased_until = ? WHERE outbox = ? AND relay = ?',
      [now, outbox, relay],
    );
  }
}

/** The columns of a row as they are sent. */
type NextRow = Required<Pick<OutboxRow, 'sequence' | 'content'>>;

export class SqlOutboxQueries extends OutboxQueries {
  constructor(private readonly outbox: OutboxTable) {
    super();
  }

  override async next<C extends OutboxChannel>(
    channel: C,
    limit: number,
  ): Promise<OutboxEntry<C>[]> {
    const rows = await Statements.onFreeConnection(
      this.outbox.sequelize as TranslatingSequelize,
      (statements) =>
        statements.read<NextRow>(
          // MySQL takes no parameter of the driver's number type for a limit.
          `SELECT sequence, content FROM outbox WHERE channel = ? ORDER BY sequence LIMIT ${Number(limit)}`,
          [channel],
        ),
    );
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
