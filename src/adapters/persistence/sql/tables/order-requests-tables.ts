import { DataTypes, type Model, type ModelStatic, type Sequelize } from 'sequelize';

export interface OrderRequestRow {
  id: string;
  userId: string;
  /** As JSON. */
  items: string;
  status: string;
  orderId: string | null;
  code: string | null;
  createdAt: Date;
  version: number;
}

export interface OutboxRow {
  /** The database counts it. */
  sequence?: number;
  messageKey: string;
  requestId: string;
}

export interface OutboxRelayRow {
  outbox: string;
  relay: string;
  until: Date;
}

export type OrderRequestsTable = ModelStatic<Model<OrderRequestRow>>;
export type OutboxTable = ModelStatic<Model<OutboxRow>>;
export type OutboxRelaysTable = ModelStatic<Model<OutboxRelayRow>>;

export function defineOrderRequests(sequelize: Sequelize): OrderRequestsTable {
  return sequelize.define<Model<OrderRequestRow>>('order_requests', {
    id: { type: DataTypes.CHAR(36), primaryKey: true },
    userId: { type: DataTypes.STRING(128), allowNull: false },
    items: { type: DataTypes.TEXT('medium'), allowNull: false },
    status: { type: DataTypes.STRING(16), allowNull: false },
    orderId: { type: DataTypes.CHAR(36), allowNull: true },
    code: { type: DataTypes.STRING(64), allowNull: true },
    createdAt: { type: DataTypes.DATE(3), allowNull: false },
    version: { type: DataTypes.BIGINT, allowNull: false },
  });
}

export function defineOutbox(sequelize: Sequelize): OutboxTable {
  return sequelize.define<Model<OutboxRow>>('order_outbox', {
    sequence: { type: DataTypes.BIGINT, primaryKey: true, autoIncrement: true },
    messageKey: { type: DataTypes.CHAR(36), allowNull: false },
    requestId: { type: DataTypes.CHAR(36), allowNull: false },
  });
}

export function defineOutboxRelays(sequelize: Sequelize): OutboxRelaysTable {
  return sequelize.define<Model<OutboxRelayRow>>('outbox_relays', {
    outbox: { type: DataTypes.STRING(32), primaryKey: true },
    relay: { type: DataTypes.STRING(64), allowNull: false },
    until: { type: DataTypes.DATE(3), allowNull: false, field: 'leased_until' },
  });
}
