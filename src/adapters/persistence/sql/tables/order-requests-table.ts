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
  /** Of its owner, while it is open. */
  quotaSlot: number | null;
}

export type OrderRequestsTable = ModelStatic<Model<OrderRequestRow>>;

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
    quotaSlot: { type: DataTypes.INTEGER, allowNull: true },
  });
}
