import type { Model } from 'sequelize';
import type { ReservationState } from '../../../../domain/reservations/reservation.js';
import type { ReservationRow } from '../tables/reservations-table.js';

/** A reservation's state from its row. */
export function reservationState(model: Model<ReservationRow>): ReservationState {
  const { quotaSlot: _, ...state } = model.get();
  // The CHECK constraint admits no other status than the domain's.
  return state as ReservationState;
}
