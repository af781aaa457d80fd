import type { StockRepository } from '../../../domain/ports/stock-repository.js';
import { productNotFound } from '../../../domain/product.js';
import { Stock } from '../../../domain/stock.js';
import { putVersioned } from './memory-database.js';
import { MemoryRows } from './memory-rows.js';

export class MemoryStockRepository extends MemoryRows implements StockRepository {
  async get(productId: string): Promise<Stock> {
    const state = this.tables.stocks.get(productId);
    if (!state) throw productNotFound(productId);
    return Stock.restore(state);
  }

  getMany(productIds: readonly string[]): Promise<Stock[]> {
    return Promise.all(productIds.map((id) => this.get(id)));
  }

  async save({ state }: Stock): Promise<Stock> {
    this.write(({ stocks }) => putVersioned(stocks, state.productId, state));
    return this.get(state.productId);
  }

  saveMany(stocks: readonly Stock[]): Promise<Stock[]> {
    return Promise.all(stocks.map((stock) => this.save(stock)));
  }
}
