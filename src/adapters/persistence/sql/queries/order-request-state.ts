import type { Model } from 'sequelize';
import type {
  OrderRequestState,
  OrderRequestStatus,
  RejectionCode,
} from '../../../../domain/orders/order-request.js';
import type { OrderRequestRow } from '../tables/order-requests-table.js';

/** An order request's state from its row. */
export function orderRequestState(model: Model<OrderRequestRow>): OrderRequestState {
  const { items, status, code, quotaSlot: _, ...row } = model.get();
  return {
    ...row,
    items: JSON.parse(items),
    // Only what the domain said is ever written.
    status: status as OrderRequestStatus,
    code: code as RejectionCode | null,
  };
}
