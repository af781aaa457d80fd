import { DataTypes, type Model, type ModelStatic, type Sequelize } from 'sequelize';

export interface OrderRow {
  id: string;
  userId: string;
  status: string;
  total: number;
  expiresAt: Date;
  createdAt: Date;
  version: number;
  /** Of its owner, while it is open. */
  quotaSlot: number | null;
}

export interface OrderItemRow {
  orderId: string;
  productId: string;
  quantity: number;
  unitPrice: number;
}

export type OrdersTable = ModelStatic<Model<OrderRow>>;
export type OrderItemsTable = ModelStatic<Model<OrderItemRow>>;

export function defineOrders(sequelize: Sequelize): OrdersTable {
  return sequelize.define<Model<OrderRow>>('orders', {
    id: { type: DataTypes.CHAR(36), primaryKey: true },
    userId: { type: DataTypes.STRING(128), allowNull: false },
    status: { type: DataTypes.STRING(16), allowNull: false },
    total: { type: DataTypes.BIGINT, allowNull: false },
    expiresAt: { type: DataTypes.DATE(3), allowNull: false },
    createdAt: { type: DataTypes.DATE(3), allowNull: false },
    version: { type: DataTypes.BIGINT, allowNull: false },
    quotaSlot: { type: DataTypes.INTEGER, allowNull: true },
  });
}

export function defineOrderItems(sequelize: Sequelize): OrderItemsTable {
  return sequelize.define<Model<OrderItemRow>>('order_items', {
    orderId: { type: DataTypes.CHAR(36), primaryKey: true },
    productId: { type: DataTypes.CHAR(36), primaryKey: true },
    quantity: { type: DataTypes.INTEGER, allowNull: false },
    unitPrice: { type: DataTypes.BIGINT, allowNull: false },
  });
}
