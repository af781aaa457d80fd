import type { Reservation, ReservationState } from './reservation.js';

/** Reservations, inside a transaction. */
export abstract class ReservationRepository {
  /** @throws DomainError `reservation_not_found` */
  abstract get(id: string): Promise<Reservation>;

  /**
   * @returns the reservation with its new version
   * @throws ConcurrentUpdateError the reservation was changed since it was read, or its slot is
   *   taken
   */
  abstract save(reservation: Reservation): Promise<Reservation>;
}

/** Reads of reservations, without lock or transaction. */
export abstract class ReservationQueries {
  /** @throws DomainError `reservation_not_found` */
  abstract get(id: string): Promise<ReservationState>;
}

/** What expires: orders that wait for payment, and reservations that hold units. */
export type Expiring = 'order' | 'reservation';

export interface Due {
  readonly id: string;
  readonly expiresAt: Date;
}

/** Finds expired rows by an index, without lock or transaction. */
export abstract class ExpiryQueries {
  /**
   * The first `limit` rows that are due at `now`, the longest overdue first; `after` continues
   * behind that row.
   */
  abstract due(what: Expiring, now: Date, limit: number, after?: Due): Promise<readonly Due[]>;

  /** When the next row of either kind is due; undefined when there is none. */
  abstract next(): Promise<Date | undefined>;
}
