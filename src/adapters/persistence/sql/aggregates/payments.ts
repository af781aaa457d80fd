import {
  DataTypes,
  type Model,
  type ModelStatic,
  type Sequelize,
  type Transaction,
} from 'sequelize';
import { Payment, type PaymentState } from '../../../../domain/payments/payment.js';
import { PaymentBatchRepository } from '../../../../domain/payments/ports.js';
import { ConcurrentUpdateError } from '../../../../domain/ports/failures.js';
import type { Replacement } from '../../../../domain/ports/replacement.js';
import { findRow, findRows, saveVersioned, writeVersioned } from '../rows.js';
import { isDuplicate } from '../sql-failures.js';

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

export class SqlPaymentRepository extends PaymentBatchRepository {
  constructor(
    private readonly payments: PaymentsTable,
    private readonly transaction: Transaction,
  ) {
    super();
  }

  override async findByOrder(orderId: string): Promise<Payment | undefined> {
    const row = await findRow(this.payments, 'orderId', orderId, this.transaction);
    // The CHECK constraints allow only the methods and statuses of the domain.
    return row ? Payment.restore(row as PaymentState) : undefined;
  }

  override async save({ state }: Payment): Promise<Payment> {
    try {
      const { id } = state;
      const version = await saveVersioned(this.payments, state, { id }, this.transaction);
      return Payment.restore({ ...state, version });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      throw new ConcurrentUpdateError(`order ${state.orderId} has a payment`, { cause: error });
    }
  }

  override async findByOrders(orderIds: readonly string[]): Promise<Payment[]> {
    const rows = await findRows(this.payments, 'orderId', orderIds, this.transaction);
    return rows.map((row) => Payment.restore(row as PaymentState));
  }

  override async replaceMany(payments: readonly Replacement<PaymentState>[]): Promise<void> {
    const rows = payments.map(({ state, readVersion }) => ({ row: state, readVersion }));
    try {
      await writeVersioned(this.payments, rows, 'id', ['status'], this.transaction);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      throw new ConcurrentUpdateError('one of the orders has a payment', { cause: error });
    }
  }
}
