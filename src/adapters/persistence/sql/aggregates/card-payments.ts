import {
  DataTypes,
  type Model,
  type ModelStatic,
  Op,
  type Sequelize,
  type Transaction,
} from 'sequelize';
import {
  CardPayment,
  type CardPaymentState,
  type CardPaymentStatus,
} from '../../../../domain/payments/card-payment.js';
import {
  CardPaymentQueries,
  CardPaymentRepository,
  UnknownCardPaymentError,
} from '../../../../domain/payments/ports.js';
import { ConcurrentUpdateError } from '../../../../domain/ports/failures.js';
import { findRow, saveVersioned } from '../rows.js';
import { isDuplicate } from '../sql-failures.js';

export interface CardPaymentRow {
  id: string;
  orderId: string;
  userId: string;
  amount: number;
  status: string;
  refusal: string | null;
  paidAt: Date | null;
  paidVersion: number | null;
  /** Id of the order while the payment is live. It is unique, so an order has one live payment. */
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

/** A card payment's state from its row. */
function cardPaymentState({ liveOrderId: _, ...state }: CardPaymentRow): CardPaymentState {
  // The CHECK constraint allows only the statuses of the domain.
  return state as CardPaymentState;
}

export class SqlCardPaymentRepository extends CardPaymentRepository {
  constructor(
    private readonly payments: CardPaymentsTable,
    private readonly transaction: Transaction,
  ) {
    super();
  }

  override async get(id: string): Promise<CardPayment> {
    const row = await findRow(this.payments, 'id', id, this.transaction);
    if (!row) throw new UnknownCardPaymentError(id);
    return CardPayment.restore(cardPaymentState(row));
  }

  override async findLive(orderId: string): Promise<CardPayment | undefined> {
    const row = await findRow(this.payments, 'liveOrderId', orderId, this.transaction);
    return row ? CardPayment.restore(cardPaymentState(row)) : undefined;
  }

  override async save({ state, isLive }: CardPayment): Promise<CardPayment> {
    const row = { ...state, liveOrderId: isLive ? state.orderId : null };
    try {
      const version = await saveVersioned(this.payments, row, { id: state.id }, this.transaction);
      return CardPayment.restore({ ...state, version });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      const message = `order ${state.orderId} has a card payment`;
      throw new ConcurrentUpdateError(message, { cause: error });
    }
  }
}

/** Reads the index on the due time. Settled payments are not in it. */
export class SqlCardPaymentQueries extends CardPaymentQueries {
  constructor(private readonly payments: CardPaymentsTable) {
    super();
  }

  override async get(id: string): Promise<CardPaymentState> {
    const row = await findRow(this.payments, 'id', id);
    if (!row) throw new UnknownCardPaymentError(id);
    return cardPaymentState(row);
  }

  override async due(now: Date, limit: number): Promise<CardPaymentState[]> {
    const where = { dueAt: { [Op.lte]: now } };
    const rows = await this.payments.findAll({ where, order: ['dueAt', 'id'], limit });
    return rows.map((row) => cardPaymentState(row.get()));
  }

  override async nextDue(): Promise<Date | undefined> {
    const where = { dueAt: { [Op.ne]: null } };
    const row = await this.payments.findOne({ attributes: ['dueAt'], where, order: ['dueAt'] });
    return row?.get().dueAt ?? undefined;
  }

  override async open(): Promise<Map<CardPaymentStatus, number>> {
    const counts = await this.payments.count({
      where: { dueAt: { [Op.ne]: null } },
      attributes: ['status'],
      group: ['status'],
    });
    return new Map(counts.map(({ status, count }) => [status as CardPaymentStatus, count]));
  }
}
