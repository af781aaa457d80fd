import {
  type ReservationState,
  reservationNotFound,
} from '../../../../domain/reservations/reservation.js';
import { ReservationQueries } from '../../../../domain/reservations/reservation-queries.js';
import type { ReservationsTable } from '../tables/reservations-table.js';
import { reservationState } from './reservation-state.js';

export class SqlReservationQueries extends ReservationQueries {
  constructor(private readonly reservations: ReservationsTable) {
    super();
  }

  override async get(id: string): Promise<ReservationState> {
    const row = await this.reservations.findByPk(id);
    if (!row) throw reservationNotFound(id);
    return reservationState(row);
  }
}
