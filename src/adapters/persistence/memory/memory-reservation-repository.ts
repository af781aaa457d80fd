import { Reservation, reservationNotFound } from '../../../domain/reservations/reservation.js';
import type { ReservationRepository } from '../../../domain/reservations/reservation-repository.js';
import { putSlot, putVersioned } from './memory-database.js';
import { MemoryRows } from './memory-rows.js';

export class MemoryReservationRepository extends MemoryRows implements ReservationRepository {
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
}
