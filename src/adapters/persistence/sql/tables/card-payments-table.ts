import { DataTypes, type Model, type ModelStatic, type Sequelize } from 'sequelize';

export interface CardPaymentRow {
  id: string;
  orderId: string;
  userId: string;
  amount: number;
  status: string;
  refusal: string | null;
  paidAt: Date | null;
  paidVersion: number | null;
  /** The order's id while the payment is live: one an order. */
  liveOrderId: string | null;
  busyUntil: Date;
  dueAt: Date | null;
  failures: number;
  createdAt: Date;
  version: number;
}

export type CardPaymentsTable = ModelStatic<Model<CardPaymentRow>>;

export function defineCardPayments(sequelize: Sequelize): CardPaymentsTable {
  return sequelize.define<Model<CardPaymentRow>>('card_payments', {
    id: { type: DataTypes.CHAR(36), primaryKey: true },
    orderId: { type: DataTypes.CHAR(36), allowNull: false },
    userId: { type: DataTypes.STRING(128), allowNull: false },
    amount: { type: DataTypes.BIGINT, allowNull: false },
    status: { type: DataTypes.STRING(16), allowNull: false },
    refusal: { type: DataTypes.STRING(32), allowNull: true },
    paidAt: { type: DataTypes.DATE(3), allowNull: true },
    paidVersion: { type: DataTypes.BIGINT, allowNull: true },
    liveOrderId: { type: DataTypes.CHAR(36), allowNull: true },
    busyUntil: { type: DataTypes.DATE(3), allowNull: false },
    dueAt: { type: DataTypes.DATE(3), allowNull: true },
    failures: { type: DataTypes.INTEGER, allowNull: false },
    createdAt: { type: DataTypes.DATE(3), allowNull: false },
    version: { type: DataTypes.BIGINT, allowNull: false },
  });
}
