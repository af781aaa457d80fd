import { Payment, type PaymentState } from '../../../domain/payments/payment.js';
import type { PaymentBatchRepository } from '../../../domain/payments/ports.js';
import { ConcurrentUpdateError } from '../../../domain/ports/failures.js';
import type { Replacement } from '../../../domain/ports/replacement.js';
import { MemoryRows, putVersioned, replaceVersioned } from './memory-database.js';

export class MemoryPaymentRepository extends MemoryRows implements PaymentBatchRepository {
  async findByOrder(orderId: string): Promise<Payment | undefined> {
    const state = [...this.tables.payments.values()].find((p) => p.orderId === orderId);
    return state && Payment.restore(state);
  }

  async save({ state }: Payment): Promise<Payment> {
    this.write(({ payments }) => {
      requireOnly(payments, state);
      putVersioned(payments, state.id, state);
    });
    return Payment.restore({ ...state, version: state.version + 1 });
  }

  async findByOrders(orderIds: readonly string[]): Promise<Payment[]> {
    const found = await Promise.all(orderIds.map((id) => this.findByOrder(id)));
    return found.filter((payment) => payment !== undefined);
  }

  async replaceMany(replacements: readonly Replacement<PaymentState>[]): Promise<void> {
    this.write(({ payments }) => {
      for (const each of replacements) {
        requireOnly(payments, each.state);
        replaceVersioned(payments, each.state.id, each);
      }
    });
  }
}

/** @throws ConcurrentUpdateError the order has another payment */
function requireOnly(
  payments: ReadonlyMap<string, PaymentState>,
  { id, orderId }: PaymentState,
): void {
  const twin = [...payments.values()].find((p) => p.orderId === orderId && p.id !== id);
  if (twin) throw new ConcurrentUpdateError(`order ${orderId} has a payment`);
}
