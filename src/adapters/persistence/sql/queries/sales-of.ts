import type { Sale } from '../../../../domain/popularity/sale.js';
import type { PaymentRow } from '../tables/payments-table.js';
import type { Tables } from '../tables/tables.js';

/** The sales that these payments stand for, in their order. */
export async function salesOf(
  { orderItems }: Pick<Tables, 'orderItems'>,
  payments: readonly PaymentRow[],
): Promise<Sale[]> {
  const rows = await orderItems.findAll({
    where: { orderId: payments.map(({ orderId }) => orderId) },
    order: ['productId'],
  });
  const byOrder = Map.groupBy(rows, (row) => row.get().orderId);
  return payments.map((payment) => ({
    paymentId: payment.id,
    userId: payment.userId,
    version: payment.version,
    counts: payment.status === 'CAPTURED',
    soldAt: payment.createdAt,
    items: (byOrder.get(payment.orderId) ?? []).map((row) => {
      const { productId, quantity } = row.get();
      return { productId, quantity };
    }),
  }));
}
