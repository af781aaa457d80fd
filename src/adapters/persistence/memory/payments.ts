import { Payment } from '../../../domain/payments/payment.js';
import type { PaymentRepository } from '../../../domain/payments/ports.js';
import { ConcurrentUpdateError } from '../../../domain/ports/failures.js';
import { MemoryRows, putVersioned } from './memory-database.js';

export class MemoryPaymentRepository extends MemoryRows implements PaymentRepository {
  async findByOrder(orderId: string): Promise<Payment | undefined> {
    const state = [...this.tables.payments.values()].find((p) => p.orderId === orderId);
    return state && Payment.restore(state);
  }

  async save({ state }: Payment): Promise<Payment> {
    this.write(({ payments }) => {
      const twin = [...payments.values()].find(
        (p) => p.orderId === state.orderId && p.id !== state.id,
      );
      if (twin) throw new ConcurrentUpdateError(`order ${state.orderId} has a payment`);
      putVersioned(payments, state.id, state);
    });
    return Payment.restore({ ...state, version: state.version + 1 });
  }
}
