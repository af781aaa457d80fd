import type { Reservation, ReservationState } from './reservation.js';

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

/** Reads of reservations, without lock or transaction. */
export abstract class ReservationQueries {
  /** @throws DomainError `reservation_not_found` */
  abstract get(id: string): Promise<ReservationState>;
}

/** What has a time to end by: orders that wait for payment, reservations that hold units. */
export type Expiring = 'order' | 'reservation';

export interface Due {
  readonly id: string;
  readonly expiresAt: Date;
}

/** Finds what is due, by index, without lock or transaction. */
export abstract class ExpiryQueries {
  /** The first `limit` that are due at `now`, the longest overdue first; `after` continues. */
  abstract due(what: Expiring, now: Date, limit: number, after?: Due): Promise<readonly Due[]>;

  /** How many there are, due or not. */
  abstract count(what: Expiring): Promise<number>;

  /** When the next of either kind is due; absent when none waits. */
  abstract next(): Promise<Date | undefined>;
}
