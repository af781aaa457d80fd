import { CardPayment } from '../../../domain/payments/card-payment.js';
import {
  type CardPaymentRepository,
  UnknownCardPaymentError,
} from '../../../domain/payments/card-payment-repository.js';
import { ConcurrentUpdateError } from '../../../domain/ports/failures.js';
import { type MemoryTables, putVersioned } from './memory-database.js';
import { MemoryRows } from './memory-rows.js';

export class MemoryCardPaymentRepository extends MemoryRows implements CardPaymentRepository {
  async get(id: string): Promise<CardPayment> {
    const state = this.tables.cardPayments.get(id);
    if (!state) throw new UnknownCardPaymentError(id);
    return CardPayment.restore(state);
  }

  async findLive(orderId: string): Promise<CardPayment | undefined> {
    return liveOf(this.tables, orderId);
  }

  async save(payment: CardPayment): Promise<CardPayment> {
    const { state } = payment;
    this.write((tables) => {
      const live = payment.isLive ? liveOf(tables, state.orderId) : undefined;
      if (live && live.state.id !== state.id) {
        throw new ConcurrentUpdateError(`order ${state.orderId} has a card payment`);
      }
      putVersioned(tables.cardPayments, state.id, state);
    });
    return this.get(state.id);
  }
}

function liveOf({ cardPayments }: MemoryTables, orderId: string): CardPayment | undefined {
  const ofOrder = [...cardPayments.values()].filter((state) => state.orderId === orderId);
  return ofOrder.map((state) => CardPayment.restore(state)).find(({ isLive }) => isLive);
}
