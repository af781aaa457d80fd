import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { productNotFound } from '../../../../domain/catalogue/product.js';
import type { Counted } from '../../../../domain/orders/quotas.js';
import { Stock } from '../../../../domain/stock/stock.js';
import {
  StockRepository,
  type StocksAndClaims,
} from '../../../../domain/stock/stock-repository.js';
import type { StocksTable } from '../tables/stocks-table.js';
import { allOf } from './all-of.js';
import { type ClaimRow, claimsIn, claimsStatement, stocksIn } from './claims-of.js';
import { saveVersioned, updateVersioned } from './versioned-row.js';

export class SqlStockRepository extends StockRepository {
  constructor(
    private readonly sequelize: Sequelize,
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

  override async getManyFor(
    userId: string,
    productIds: readonly string[],
    counted: readonly Counted[],
  ): Promise<StocksAndClaims> {
    const rows = await this.sequelize.query<ClaimRow>(claimsStatement(counted), {
      replacements: { userId, productIds: [...productIds] },
      type: QueryTypes.SELECT,
      transaction: this.transaction,
    });
    const found = new Map(stocksIn(rows).map((s) => [s.productId, Stock.restore(s)]));
    return { stocks: allOf(productIds, found, productNotFound), claims: claimsIn(rows) };
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
