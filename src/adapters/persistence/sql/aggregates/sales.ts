import { type FindOptions, Op, QueryTypes, type Sequelize } from 'sequelize';
import type { SalesSpan, Sold } from '../../../../domain/popularity/popularity.js';
import { SalesQueries } from '../../../../domain/popularity/ports.js';
import type { Sale } from '../../../../domain/popularity/sale.js';
import { findRows } from '../rows.js';
import { type OrderItemsTable, readItems } from './orders.js';
import type { PaymentRow, PaymentsTable } from './payments.js';

const TOP = `
SELECT item.product_id AS productId, SUM(item.quantity) AS units
FROM payments payment JOIN order_items item ON item.order_id = payment.order_id
WHERE payment.created_at >= :from AND payment.created_at < :until AND payment.status = 'CAPTURED'
GROUP BY item.product_id ORDER BY units DESC, item.product_id LIMIT :limit`;

export class SqlSalesQueries extends SalesQueries {
  constructor(
    private readonly sequelize: Sequelize,
    private readonly tables: {
      readonly payments: PaymentsTable;
      readonly orderItems: OrderItemsTable;
    },
  ) {
    super();
  }

  override async top({ from, until }: SalesSpan, limit: number): Promise<Sold[]> {
    const rows = await this.sequelize.query<{ productId: string; units: string | number }>(TOP, {
      replacements: { from, until, limit },
      type: QueryTypes.SELECT,
    });
    // MySQL returns a sum as a decimal, which the driver reads as text.
    return rows.map(({ productId, units }) => ({ productId, units: Number(units) }));
  }

  override async since(time: Date, limit: number, after?: Sale): Promise<Sale[]> {
    const start = { createdAt: { [Op.gte]: time } };
    const where = after
      ? {
          [Op.or]: [
            { createdAt: { [Op.gt]: after.soldAt } },
            { createdAt: after.soldAt, id: { [Op.gt]: after.paymentId } },
          ],
        }
      : start;
    const order: [string, string][] = [
      ['createdAt', 'ASC'],
      ['id', 'ASC'],
    ];
    return this.read({ where, order, limit });
  }

  override async ofOrders(orderIds: readonly string[]): Promise<Sale[]> {
    const { payments, orderItems } = this.tables;
    return salesOf(orderItems, await findRows(payments, 'orderId', orderIds));
  }

  private async read(options: FindOptions<PaymentRow>): Promise<Sale[]> {
    const rows = await this.tables.payments.findAll(options);
    return salesOf(
      this.tables.orderItems,
      rows.map((row) => row.get()),
    );
  }
}

/** The sales of these payments, in the same order. */
async function salesOf(
  orderItems: OrderItemsTable,
  payments: readonly PaymentRow[],
): Promise<Sale[]> {
  const orderIds = payments.map(({ orderId }) => orderId);
  const items = await readItems(orderItems, orderIds);
  return payments.map((payment) => ({
    paymentId: payment.id,
    userId: payment.userId,
    version: payment.version,
    counts: payment.status === 'CAPTURED',
    soldAt: payment.createdAt,
    items: (items.get(payment.orderId) ?? []).map(({ productId, quantity }) => ({
      productId,
      quantity,
    })),
  }));
}
