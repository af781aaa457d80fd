import type { Replacement } from '../ports/replacement.js';
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

/** Reservations as the write buffer of a batch reads and writes them: many by one statement. */
export abstract class ReservationBatchRepository extends ReservationRepository {
  /** In no particular order. Ids without a reservation are left out. */
  abstract findMany(ids: readonly string[]): Promise<Reservation[]>;

  /**
   * Adds new reservations by one statement.
   * @throws ConcurrentUpdateError a slot is taken
   */
  abstract addMany(reservations: readonly Reservation[]): Promise<void>;

  /**
   * Saves reservations that have ended, by one statement. Their slots are free then.
   *
   * @throws ConcurrentUpdateError one of them was changed since it was read
   */
  abstract replaceMany(reservations: readonly Replacement<ReservationState>[]): Promise<void>;
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

  /** How many there are, due or not. */
  abstract count(what: Expiring): Promise<number>;

  /** When the next row of either kind is due; undefined when there is none. */
  abstract next(): Promise<Date | undefined>;
}
