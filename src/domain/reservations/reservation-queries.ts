import type { ReservationState } from './reservation.js';

/** Reads of reservations, without lock or transaction. */
export abstract class ReservationQueries {
  /** @throws DomainError `reservation_not_found` */
  abstract get(id: string): Promise<ReservationState>;
}
