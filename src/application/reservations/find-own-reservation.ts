import type { ReservationQueries } from '../../domain/reservations/ports.js';
import { Reservation, type ReservationState } from '../../domain/reservations/reservation.js';

/** Reads a reservation of the caller. */
export class FindOwnReservation {
  constructor(private readonly reservations: ReservationQueries) {}

  /** @throws DomainError `reservation_not_found`, also when it belongs to another customer */
  async execute(userId: string, id: string): Promise<ReservationState> {
    const reservation = Reservation.restore(await this.reservations.get(id));
    reservation.requireOwner(userId);
    return reservation.state;
  }
}
