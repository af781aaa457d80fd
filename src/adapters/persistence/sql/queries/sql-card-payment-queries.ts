import { Op } from 'sequelize';
import type {
  CardPaymentState,
  CardPaymentStatus,
} from '../../../../domain/payments/card-payment.js';
import { CardPaymentQueries } from '../../../../domain/payments/card-payment-queries.js';
import { UnknownCardPaymentError } from '../../../../domain/payments/card-payment-repository.js';
import type { CardPaymentsTable } from '../tables/card-payments-table.js';
import { cardPaymentState } from './card-payment-state.js';

/** Reads the index on the time they are due, which holds no settled one. */
export class SqlCardPaymentQueries extends CardPaymentQueries {
  constructor(private readonly payments: CardPaymentsTable) {
    super();
  }

  override async get(id: string): Promise<CardPaymentState> {
    const row = await this.payments.findByPk(id);
    if (!row) throw new UnknownCardPaymentError(id);
    return cardPaymentState(row);
  }

  override async due(now: Date, limit: number): Promise<CardPaymentState[]> {
    const where = { dueAt: { [Op.lte]: now } };
    const rows = await this.payments.findAll({ where, order: ['dueAt', 'id'], limit });
    return rows.map(cardPaymentState);
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
