import { productNotFound } from '../../../../domain/catalogue/product.js';
import type { StockState } from '../../../../domain/stock/stock.js';
import { StockQueries } from '../../../../domain/stock/stock-queries.js';
import type { StocksTable } from '../tables/stocks-table.js';

export class SqlStockQueries extends StockQueries {
  constructor(private readonly stocks: StocksTable) {
    super();
  }

  override async get(productId: string): Promise<StockState> {
    const row = await this.stocks.findByPk(productId);
    if (!row) throw productNotFound(productId);
    return row.get();
  }
}
