import { SalesFeed } from '../../../domain/ports/sales-feed.js';
import type { Sale } from '../../../domain/sale.js';
import type { MemoryDatabase } from './memory-database.js';
import { memorySale } from './memory-sales-queries.js';

export class MemorySalesFeed extends SalesFeed {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async untold(limit: number): Promise<Sale[]> {
    const { untoldSales, payments } = this.database.tables;
    const found = [...untoldSales.keys()].flatMap((id) => payments.get(id) ?? []);
    return found.slice(0, limit).map((payment) => memorySale(this.database, payment));
  }

  override async told(sales: readonly Sale[]): Promise<void> {
    const { untoldSales } = this.database.tables;
    for (const { paymentId, version } of sales) {
      if ((untoldSales.get(paymentId) ?? 0) <= version) untoldSales.delete(paymentId);
    }
  }
}
