import { StockQueries } from '../../../domain/ports/stock-queries.js';
import { productNotFound } from '../../../domain/product.js';
import type { StockState } from '../../../domain/stock.js';
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
