import type { Transaction } from 'sequelize';
import { StockRepository } from '../../../../domain/ports/stock-repository.js';
import { productNotFound } from '../../../../domain/product.js';
import { Stock } from '../../../../domain/stock.js';
import type { StocksTable } from '../tables/stocks-table.js';
import { allOf } from './all-of.js';
import { saveVersioned, updateVersioned } from './versioned-row.js';

export class SqlStockRepository extends StockRepository {
  constructor(
    private readonly stocks: StocksTable,
    private readonly transaction: Transaction,
  ) {
    super();
  }

  override async get(productId: string): Promise<Stock> {
    const row = await this.stocks.findByPk(productId, { transaction: this.transaction });
    if (!row) throw productNotFound(productId);
    return Stock.restore(row.get());
  }

  override async getMany(productIds: readonly string[]): Promise<Stock[]> {
    const rows = await this.stocks.findAll({
      where: { productId: [...productIds] },
      transaction: this.transaction,
    });
    const found = new Map(rows.map((row) => [row.get().productId, Stock.restore(row.get())]));
    return allOf(productIds, found, productNotFound);
  }

  override async save({ state }: Stock): Promise<Stock> {
    const key = { productId: state.productId };
    const version = await saveVersioned(this.stocks, state, key, this.transaction);
    return Stock.restore({ ...state, version });
  }

  override async saveMany(stocks: readonly Stock[]): Promise<Stock[]> {
    const rows = stocks.map(({ state }) => state);
    const changed = ['available', 'held'] as const;
    await updateVersioned(this.stocks, rows, 'productId', changed, this.transaction);
    return rows.map((row) => Stock.restore({ ...row, version: row.version + 1 }));
  }
}
