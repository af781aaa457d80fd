import type { Transaction } from 'sequelize';
import { Reservation, reservationNotFound } from '../../../../domain/reservations/reservation.js';
import { ReservationRepository } from '../../../../domain/reservations/reservation-repository.js';
import { reservationState } from '../queries/reservation-state.js';
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
    return Reservation.restore(reservationState(row));
  }

  override async save({ state, slot }: Reservation): Promise<Reservation> {
    const row = { ...state, quotaSlot: slot ?? null };
    const key = { id: state.id };
    const version = await saveVersioned(this.reservations, row, key, this.transaction);
    return Reservation.restore({ ...state, version });
  }
}
