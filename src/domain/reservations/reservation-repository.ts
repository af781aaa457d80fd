import type { Reservation } from './reservation.js';

/** Reservations, inside a transaction. */
export abstract class ReservationRepository {
  /** @throws DomainError `reservation_not_found` */
  abstract get(id: string): Promise<Reservation>;

  /**
   * @returns the reservation with its new version
   * @throws ConcurrentUpdateError it was changed since it was read, or its slot is taken
   */
  abstract save(reservation: Reservation): Promise<Reservation>;
}
