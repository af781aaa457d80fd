import type { CardPaymentState, CardPaymentStatus } from '../../../domain/payments/card-payment.js';
import { CardPaymentQueries } from '../../../domain/payments/card-payment-queries.js';
import { UnknownCardPaymentError } from '../../../domain/payments/card-payment-repository.js';
import type { MemoryDatabase } from './memory-database.js';

export class MemoryCardPaymentQueries extends CardPaymentQueries {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async get(id: string): Promise<CardPaymentState> {
    const state = this.database.tables.cardPayments.get(id);
    if (!state) throw new UnknownCardPaymentError(id);
    return state;
  }

  override async due(now: Date, limit: number): Promise<CardPaymentState[]> {
    const due = this.waiting().filter(({ dueAt }) => dueAt <= now);
    return due.slice(0, limit);
  }

  override async nextDue(): Promise<Date | undefined> {
    return this.waiting()[0]?.dueAt;
  }

  override async open(): Promise<Map<CardPaymentStatus, number>> {
    const byStatus = Map.groupBy(this.waiting(), ({ status }) => status);
    return new Map([...byStatus].map(([status, { length }]) => [status, length]));
  }

  private waiting(): (CardPaymentState & { readonly dueAt: Date })[] {
    const all = [...this.database.tables.cardPayments.values()];
    const waiting = all.flatMap((state) =>
      state.dueAt === null ? [] : { ...state, dueAt: state.dueAt },
    );
    return waiting.sort((a, b) => Number(a.dueAt) - Number(b.dueAt));
  }
}
