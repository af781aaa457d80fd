import type { ReservationQueries } from '../../domain/ports/reservation-queries.js';
import { Reservation } from '../../domain/reservation.js';
import { reservationKey, stockKey } from '../../domain/resource-keys.js';

/**
 * What whoever ends a reservation locks. It is read ahead only to name the locks: a reservation's
 * owner and product never change.
 * @throws DomainError `reservation_not_found`, also when it is not this owner's
 */
export async function locksOfReservation(
  reservations: ReservationQueries,
  id: string,
  ownerId?: string,
): Promise<readonly string[]> {
  const reservation = Reservation.restore(await reservations.get(id));
  if (ownerId !== undefined) reservation.requireOwner(ownerId);
  return [reservationKey(id), stockKey(reservation.state.productId)];
}
