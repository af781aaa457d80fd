import { DataTypes, type Model, type ModelStatic, type Sequelize } from 'sequelize';

export interface ReservationRow {
  id: string;
  userId: string;
  productId: string;
  quantity: number;
  unitPrice: number;
  status: string;
  orderId: string | null;
  expiresAt: Date;
  createdAt: Date;
  version: number;
  /** Of its owner, while it is open. */
  quotaSlot: number | null;
}

export type ReservationsTable = ModelStatic<Model<ReservationRow>>;

export function defineReservations(sequelize: Sequelize): ReservationsTable {
  return sequelize.define<Model<ReservationRow>>('reservations', {
    id: { type: DataTypes.CHAR(36), primaryKey: true },
    userId: { type: DataTypes.STRING(128), allowNull: false },
    productId: { type: DataTypes.CHAR(36), allowNull: false },
    quantity: { type: DataTypes.INTEGER, allowNull: false },
    unitPrice: { type: DataTypes.BIGINT, allowNull: false },
    status: { type: DataTypes.STRING(16), allowNull: false },
    orderId: { type: DataTypes.CHAR(36), allowNull: true },
    expiresAt: { type: DataTypes.DATE(3), allowNull: false },
    createdAt: { type: DataTypes.DATE(3), allowNull: false },
    version: { type: DataTypes.BIGINT, allowNull: false },
    quotaSlot: { type: DataTypes.INTEGER, allowNull: true },
  });
}
