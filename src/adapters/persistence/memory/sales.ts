import type { PaymentState } from '../../../domain/payments/payment.js';
import type { SalesSpan, Sold } from '../../../domain/popularity/popularity.js';
import { SalesQueries } from '../../../domain/popularity/ports.js';
import type { Sale } from '../../../domain/popularity/sale.js';
import type { MemoryDatabase } from './memory-database.js';

export class MemorySalesQueries extends SalesQueries {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async top({ from, until }: SalesSpan, limit: number): Promise<Sold[]> {
    const units = new Map<string, number>();
    for (const { counts, soldAt, items } of this.#sales()) {
      if (!counts || soldAt < from || soldAt >= until) continue;
      for (const { productId, quantity } of items) {
        units.set(productId, (units.get(productId) ?? 0) + quantity);
      }
    }
    const sold = [...units].map(([productId, sum]) => ({ productId, units: sum }));
    sold.sort((a, b) => b.units - a.units || (a.productId < b.productId ? -1 : 1));
    return sold.slice(0, limit);
  }

  override async since(time: Date, limit: number, after?: Sale): Promise<Sale[]> {
    const sales = this.#sales().sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    return sales
      .filter((sale) => sale.soldAt >= time && (!after || keyOf(sale) > keyOf(after)))
      .slice(0, limit);
  }

  override async ofOrders(orderIds: readonly string[]): Promise<Sale[]> {
    const payments = [...this.database.tables.payments.values()];
    return payments
      .filter(({ orderId }) => orderIds.includes(orderId))
      .map((payment) => saleOf(this.database, payment));
  }

  #sales(): Sale[] {
    const payments = [...this.database.tables.payments.values()];
    return payments.map((payment) => saleOf(this.database, payment));
  }
}

function saleOf({ tables }: MemoryDatabase, payment: PaymentState): Sale {
  const items = tables.orders.get(payment.orderId)?.items ?? [];
  return {
    paymentId: payment.id,
    userId: payment.userId,
    version: payment.version,
    counts: payment.status === 'CAPTURED',
    soldAt: payment.createdAt,
    items: items.map(({ productId, quantity }) => ({ productId, quantity })),
  };
}

function keyOf({ soldAt, paymentId }: Sale): string {
  return `${soldAt.toISOString()} ${paymentId}`;
}
