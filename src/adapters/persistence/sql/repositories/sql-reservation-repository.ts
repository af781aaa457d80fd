import type { Transaction } from 'sequelize';
import { ReservationRepository } from '../../../../domain/ports/reservation-repository.js';
import {
  Reservation,
  type ReservationState,
  reservationNotFound,
} from '../../../../domain/reservation.js';
import type { ReservationsTable } from '../tables/reservations-table.js';
import { saveVersioned } from './versioned-row.js';

export class SqlReservationRepository extends ReservationRepository {
  constructor(
    private readonly reservations: ReservationsTable,
    private readonly transaction: Transaction,
  ) {
    super();
  }

  override async get(id: string): Promise<Reservation> {
    const row = await this.reservations.findByPk(id, { transaction: this.transaction });
    if (!row) throw reservationNotFound(id);
    // The CHECK constraint admits no other status than the domain's.
    return Reservation.restore(row.get() as ReservationState);
  }

  override async save({ state }: Reservation): Promise<Reservation> {
    const key = { id: state.id };
    const version = await saveVersioned(this.reservations, state, key, this.transaction);
    return Reservation.restore({ ...state, version });
  }
}
