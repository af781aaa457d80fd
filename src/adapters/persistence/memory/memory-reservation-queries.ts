import {
  type ReservationState,
  reservationNotFound,
} from '../../../domain/reservations/reservation.js';
import { ReservationQueries } from '../../../domain/reservations/reservation-queries.js';
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
