import type { Model } from 'sequelize';
import type { CardPaymentState } from '../../../../domain/payments/card-payment.js';
import type { CardPaymentRow } from '../tables/card-payments-table.js';

/** A card payment's state from its row. */
export function cardPaymentState(row: Model<CardPaymentRow>): CardPaymentState {
  const { liveOrderId: _, ...state } = row.get();
  // The CHECK constraint admits no other status than the domain's.
  return state as CardPaymentState;
}
