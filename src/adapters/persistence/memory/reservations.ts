import type { Replacement } from '../../../domain/ports/replacement.js';
import {
  type Due,
  type Expiring,
  ExpiryQueries,
  type ReservationBatchRepository,
  ReservationQueries,
} from '../../../domain/reservations/ports.js';
import {
  Reservation,
  type ReservationState,
  reservationNotFound,
} from '../../../domain/reservations/reservation.js';
import {
  type MemoryDatabase,
  MemoryRows,
  putSlot,
  putVersioned,
  replaceVersioned,
} from './memory-database.js';

export class MemoryReservationRepository extends MemoryRows implements ReservationBatchRepository {
  async get(id: string): Promise<Reservation> {
    const state = this.tables.reservations.get(id);
    if (!state) throw reservationNotFound(id);
    return Reservation.restore(state);
  }

  async save({ state, slot }: Reservation): Promise<Reservation> {
    const { id, userId } = state;
    this.write((tables) => {
      putVersioned(tables.reservations, id, state);
      putSlot(tables, { kind: 'holds', userId, slot, id });
    });
    return this.get(state.id);
  }

  async findMany(ids: readonly string[]): Promise<Reservation[]> {
    const states = [...new Set(ids)].flatMap((id) => this.tables.reservations.get(id) ?? []);
    return states.map((state) => Reservation.restore(state));
  }

  async addMany(reservations: readonly Reservation[]): Promise<void> {
    for (const reservation of reservations) await this.save(reservation);
  }

  async replaceMany(replacements: readonly Replacement<ReservationState>[]): Promise<void> {
    this.write((tables) => {
      for (const each of replacements) {
        const { id, userId } = each.state;
        replaceVersioned(tables.reservations, id, each);
        putSlot(tables, { kind: 'holds', userId, slot: undefined, id });
      }
    });
  }
}

export class MemoryReservationQueries extends ReservationQueries {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async get(id: string): Promise<ReservationState> {
    const state = this.database.tables.reservations.get(id);
    if (!state) throw reservationNotFound(id);
    return state;
  }
}

export class MemoryExpiryQueries extends ExpiryQueries {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async due(what: Expiring, now: Date, limit: number, after?: Due): Promise<Due[]> {
    const due = this.#waiting(what).filter(({ expiresAt }) => expiresAt <= now);
    const later = after ? due.filter((one) => byExpiry(one, after) > 0) : due;
    return later.sort(byExpiry).slice(0, limit);
  }

  override async count(what: Expiring): Promise<number> {
    return this.#waiting(what).length;
  }

  override async next(): Promise<Date | undefined> {
    const waiting = [...this.#waiting('order'), ...this.#waiting('reservation')];
    return waiting.sort(byExpiry)[0]?.expiresAt;
  }

  #waiting(what: Expiring): Due[] {
    const { orders, reservations } = this.database.tables;
    const rows =
      what === 'order'
        ? [...orders.values()].filter(({ status }) => status === 'PENDING_PAYMENT')
        : [...reservations.values()].filter(({ status }) => status === 'HELD');
    return rows.map(({ id, expiresAt }) => ({ id, expiresAt }));
  }
}

function byExpiry(a: Due, b: Due): number {
  return a.expiresAt.getTime() - b.expiresAt.getTime() || (a.id < b.id ? -1 : Number(a.id > b.id));
}
