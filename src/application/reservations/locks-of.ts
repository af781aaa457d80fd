import type { Reservation } from '../../domain/reservations/reservation.js';
import { reservationKey, stockKey } from '../../domain/resource-keys.js';

/** What whoever ends a reservation locks; its owner and product never change. */
export function locksOf({ state }: Reservation): readonly string[] {
  return [reservationKey(state.id), stockKey(state.productId)];
}
