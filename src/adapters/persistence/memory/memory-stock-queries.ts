import { productNotFound } from '../../../domain/catalogue/product.js';
import type { StockState } from '../../../domain/stock/stock.js';
import { StockQueries } from '../../../domain/stock/stock-queries.js';
import type { MemoryDatabase } from './memory-database.js';

export class MemoryStockQueries extends StockQueries {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async get(productId: string): Promise<StockState> {
    const state = this.database.tables.stocks.get(productId);
    if (!state) throw productNotFound(productId);
    return state;
  }
}
