import { Op } from 'sequelize';
import { SalesFeed } from '../../../../domain/ports/sales-feed.js';
import type { Sale } from '../../../../domain/sale.js';
import type { Tables } from '../tables/tables.js';
import { salesOf } from './sales-of.js';

export class SqlSalesFeed extends SalesFeed {
  constructor(private readonly tables: Pick<Tables, 'untoldSales' | 'payments' | 'orderItems'>) {
    super();
  }

  override async untold(limit: number): Promise<Sale[]> {
    const { untoldSales, payments } = this.tables;
    const untold = await untoldSales.findAll({ limit, order: ['paymentId'] });
    const id = untold.map((row) => row.get().paymentId);
    const rows = await payments.findAll({ where: { id }, order: ['id'] });
    return salesOf(
      this.tables,
      rows.map((row) => row.get()),
    );
  }

  override async told(sales: readonly Sale[]): Promise<void> {
    const rows = sales.map(({ paymentId, version }) => ({
      paymentId,
      version: { [Op.lte]: version },
    }));
    await this.tables.untoldSales.destroy({ where: { [Op.or]: rows } });
  }
}
