import {
  CardPayment,
  type CardPaymentState,
  type CardPaymentStatus,
} from '../../../domain/payments/card-payment.js';
import {
  CardPaymentQueries,
  type CardPaymentRepository,
  UnknownCardPaymentError,
} from '../../../domain/payments/ports.js';
import { ConcurrentUpdateError } from '../../../domain/ports/failures.js';
import {
  type MemoryDatabase,
  MemoryRows,
  type MemoryTables,
  putVersioned,
} from './memory-database.js';

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
    const due = this.#waiting().filter(({ dueAt }) => dueAt <= now);
    return due.slice(0, limit);
  }

  override async nextDue(): Promise<Date | undefined> {
    return this.#waiting()[0]?.dueAt;
  }

  override async open(): Promise<Map<CardPaymentStatus, number>> {
    const byStatus = Map.groupBy(this.#waiting(), ({ status }) => status);
    return new Map([...byStatus].map(([status, { length }]) => [status, length]));
  }

  #waiting(): (CardPaymentState & { readonly dueAt: Date })[] {
    const all = [...this.database.tables.cardPayments.values()];
    const waiting = all.flatMap((state) =>
      state.dueAt === null ? [] : { ...state, dueAt: state.dueAt },
    );
    return waiting.sort((a, b) => Number(a.dueAt) - Number(b.dueAt));
  }
}
