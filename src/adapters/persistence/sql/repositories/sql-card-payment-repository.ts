import type { Transaction } from 'sequelize';
import { CardPayment } from '../../../../domain/payments/card-payment.js';
import {
  CardPaymentRepository,
  UnknownCardPaymentError,
} from '../../../../domain/payments/card-payment-repository.js';
import { ConcurrentUpdateError } from '../../../../domain/ports/failures.js';
import { cardPaymentState } from '../queries/card-payment-state.js';
import { isDuplicate } from '../sql-failures.js';
import type { CardPaymentsTable } from '../tables/card-payments-table.js';
import { saveVersioned } from './versioned-row.js';

export class SqlCardPaymentRepository extends CardPaymentRepository {
  constructor(
    private readonly payments: CardPaymentsTable,
    private readonly transaction: Transaction,
  ) {
    super();
  }

  override async get(id: string): Promise<CardPayment> {
    const row = await this.payments.findByPk(id, { transaction: this.transaction });
    if (!row) throw new UnknownCardPaymentError(id);
    return CardPayment.restore(cardPaymentState(row));
  }

  override async findLive(orderId: string): Promise<CardPayment | undefined> {
    const row = await this.payments.findOne({
      where: { liveOrderId: orderId },
      transaction: this.transaction,
    });
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
