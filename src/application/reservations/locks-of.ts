import type { Reservation } from '../../domain/reservations/reservation.js';
import { reservationKey, stockKey } from '../../domain/resource-keys.js';

/** The lock keys for a change of a reservation. Its owner and its product never change. */
export function locksOf({ state }: Reservation): readonly string[] {
  return [reservationKey(state.id), stockKey(state.productId)];
}
