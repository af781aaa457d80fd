import { DataTypes, type Model, type ModelStatic, type Sequelize } from 'sequelize';

export interface OutboxRow {
  /** The database counts it. */
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
