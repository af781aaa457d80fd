import type { Model } from 'sequelize';
import type { OrderState, OrderStatus } from '../../../../domain/orders/order.js';
import type { OrderItemRow, OrderRow } from '../tables/orders-table.js';

/** An order's state from its rows. */
export function orderState(
  order: Model<OrderRow>,
  items: readonly Model<OrderItemRow>[],
): OrderState {
  const row = order.get();
  return {
    id: row.id,
    userId: row.userId,
    // The CHECK constraint admits no other status.
    status: row.status as OrderStatus,
    items: items.map((item) => {
      const { productId, quantity, unitPrice } = item.get();
      return { productId, quantity, unitPrice };
    }),
    total: row.total,
    expiresAt: row.expiresAt,
    createdAt: row.createdAt,
    version: row.version,
  };
}
