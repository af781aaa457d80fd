import type { ReservationRepository } from '../../../domain/ports/reservation-repository.js';
import { Reservation, reservationNotFound } from '../../../domain/reservation.js';
import { putVersioned } from './memory-database.js';
import { MemoryRows } from './memory-rows.js';

export class MemoryReservationRepository extends MemoryRows implements ReservationRepository {
  async get(id: string): Promise<Reservation> {
    const state = this.tables.reservations.get(id);
    if (!state) throw reservationNotFound(id);
    return Reservation.restore(state);
  }

  async save({ state }: Reservation): Promise<Reservation> {
    this.write(({ reservations }) => putVersioned(reservations, state.id, state));
    return this.get(state.id);
  }
}
