import {
  type Due,
  type Expiring,
  ExpiryQueries,
} from '../../../domain/reservations/expiry-queries.js';
import type { MemoryDatabase } from './memory-database.js';

export class MemoryExpiryQueries extends ExpiryQueries {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async due(what: Expiring, now: Date, limit: number, after?: Due): Promise<Due[]> {
    const due = this.waiting(what).filter(({ expiresAt }) => expiresAt <= now);
    const behind = after ? due.filter((one) => inTurn(one, after) > 0) : due;
    return behind.sort(inTurn).slice(0, limit);
  }

  override async next(): Promise<Date | undefined> {
    const waiting = [...this.waiting('order'), ...this.waiting('reservation')];
    return waiting.sort(inTurn)[0]?.expiresAt;
  }

  private waiting(what: Expiring): Due[] {
    const { orders, reservations } = this.database.tables;
    const rows =
      what === 'order'
        ? [...orders.values()].filter(({ status }) => status === 'PENDING_PAYMENT')
        : [...reservations.values()].filter(({ status }) => status === 'HELD');
    return rows.map(({ id, expiresAt }) => ({ id, expiresAt }));
  }
}

function inTurn(a: Due, b: Due): number {
  return a.expiresAt.getTime() - b.expiresAt.getTime() || (a.id < b.id ? -1 : Number(a.id > b.id));
}
