import { ReservationQueries } from '../../../domain/ports/reservation-queries.js';
import { type ReservationState, reservationNotFound } from '../../../domain/reservation.js';
import type { MemoryDatabase } from './memory-database.js';

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
