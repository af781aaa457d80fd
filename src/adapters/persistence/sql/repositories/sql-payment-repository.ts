import type { Transaction } from 'sequelize';
import { Payment, type PaymentState } from '../../../../domain/payments/payment.js';
import { PaymentRepository } from '../../../../domain/payments/payment-repository.js';
import { ConcurrentUpdateError } from '../../../../domain/ports/failures.js';
import { isDuplicate } from '../sql-failures.js';
import type { PaymentsTable } from '../tables/payments-table.js';
import { saveVersioned } from './versioned-row.js';

export class SqlPaymentRepository extends PaymentRepository {
  constructor(
    private readonly payments: PaymentsTable,
    private readonly transaction: Transaction,
  ) {
    super();
  }

  override async findByOrder(orderId: string): Promise<Payment | undefined> {
    const row = await this.payments.findOne({
      where: { orderId },
      transaction: this.transaction,
    });
    // The CHECK constraints admit no other method or status than the domain's.
    return row ? Payment.restore(row.get() as PaymentState) : undefined;
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
}
