import { DataTypes, type Model, type ModelStatic, type Sequelize } from 'sequelize';

export interface PaymentRow {
  id: string;
  orderId: string;
  userId: string;
  method: string;
  amount: number;
  status: string;
  createdAt: Date;
  version: number;
}

export type PaymentsTable = ModelStatic<Model<PaymentRow>>;

export function definePayments(sequelize: Sequelize): PaymentsTable {
  return sequelize.define<Model<PaymentRow>>('payments', {
    id: { type: DataTypes.CHAR(36), primaryKey: true },
    orderId: { type: DataTypes.CHAR(36), allowNull: false },
    userId: { type: DataTypes.STRING(128), allowNull: false },
    method: { type: DataTypes.STRING(16), allowNull: false },
    amount: { type: DataTypes.BIGINT, allowNull: false },
    status: { type: DataTypes.STRING(16), allowNull: false },
    createdAt: { type: DataTypes.DATE(3), allowNull: false },
    version: { type: DataTypes.BIGINT, allowNull: false },
  });
}
