import {
  DataTypes,
  type Model,
  type ModelStatic,
  type Sequelize,
  type Transaction,
} from 'sequelize';
import { productNotFound } from '../../../../domain/catalogue/product.js';
import type { Counted } from '../../../../domain/orders/quotas.js';
import { ConcurrentUpdateError } from '../../../../domain/ports/failures.js';
import type { Replacement } from '../../../../domain/ports/replacement.js';
import type { Buyer, Offers } from '../../../../domain/stock/offers.js';
import { StockBatchRepository, StockQueries } from '../../../../domain/stock/ports.js';
import { Stock, type StockState } from '../../../../domain/stock/stock.js';
import { Statements } from '../connections/statements.js';
import { allOf, findRow, findRows, replaceVersioned, saveVersioned } from '../rows.js';
import { SharedReads } from '../shared-reads.js';
import { readOffers, readOpenUnits } from './offers.js';

export interface StockRow {
  productId: string;
  available: number;
  held: number;
  version: number;
}

export type StocksTable = ModelStatic<Model<StockRow>>;

export function defineStocks(sequelize: Sequelize): StocksTable {
  return sequelize.define<Model<StockRow>>('stocks', {
    productId: { type: DataTypes.CHAR(36), primaryKey: true },
    available: { type: DataTypes.BIGINT, allowNull: false },
    held: { type: DataTypes.BIGINT, allowNull: false },
    version: { type: DataTypes.BIGINT, allowNull: false },
  });
}

/** Most rows of a statement with a CASE for each row, whose cost grows with the square of the rows. */
const MOST_CASES = 16;

/** The rows are arrays: product, version that was read, available, held, new version. */
const REPLACE_BY_JSON = `
UPDATE JSON_TABLE(?, '$[*]' COLUMNS (
  product_id CHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[0]',
  read_version BIGINT PATH '$[1]',
  available BIGINT PATH '$[2]',
  held BIGINT PATH '$[3]',
  version BIGINT PATH '$[4]'
)) new STRAIGHT_JOIN stocks s ON s.product_id = new.product_id AND s.version = new.read_version
SET s.available = new.available, s.held = new.held, s.version = new.version`;

export class SqlStockRepository extends StockBatchRepository {
  constructor(
    private readonly stocks: StocksTable,
    private readonly transaction: Transaction,
  ) {
    super();
  }

  override async get(productId: string): Promise<Stock> {
    const row = await findRow(this.stocks, 'productId', productId, this.transaction);
    if (!row) throw productNotFound(productId);
    return Stock.restore(row);
  }

  override async getMany(productIds: readonly string[]): Promise<Stock[]> {
    const rows = await findRows(this.stocks, 'productId', productIds, this.transaction);
    const found = new Map(rows.map((row) => [row.productId, Stock.restore(row)]));
    return allOf(productIds, found, productNotFound);
  }

  override offers(buyers: readonly Buyer[], counted: readonly Counted[]): Promise<Offers> {
    return readOffers(this.transaction, buyers, counted);
  }

  override getOpenUnits(
    userId: string,
    productIds: readonly string[],
  ): Promise<ReadonlyMap<string, number>> {
    return readOpenUnits(this.transaction, userId, productIds);
  }

  override async save({ state }: Stock): Promise<Stock> {
    const key = { productId: state.productId };
    const version = await saveVersioned(this.stocks, state, key, this.transaction);
    return Stock.restore({ ...state, version });
  }

  override async saveMany(stocks: readonly Stock[]): Promise<Stock[]> {
    const replacements = stocks.map(({ state }) => ({
      state: { ...state, version: state.version + 1 },
      readVersion: state.version,
    }));
    await this.replaceMany(replacements);
    return replacements.map(({ state }) => Stock.restore(state));
  }

  override async replaceMany(replacements: readonly Replacement<StockState>[]): Promise<void> {
    const isMysql = this.stocks.sequelize?.getDialect() === 'mysql';
    if (isMysql && replacements.length > MOST_CASES) return this.replaceByJson(replacements);
    const rows = replacements.map(({ state: row, readVersion }) => ({ row, readVersion }));
    const changed = ['available', 'held'] as const;
    await replaceVersioned(this.stocks, rows, 'productId', changed, this.transaction);
  }

  private async replaceByJson(replacements: readonly Replacement<StockState>[]): Promise<void> {
    const rows = replacements.map(
      ({ state: { productId, available, held, version }, readVersion }) => {
        return [productId, readVersion, available, held, version];
      },
    );
    const changed = await Statements.of(this.transaction).change(REPLACE_BY_JSON, [
      JSON.stringify(rows),
    ]);
    if (changed !== rows.length) {
      throw new ConcurrentUpdateError(
        `${rows.length - changed} of ${rows.length} stocks have changed`,
      );
    }
  }
}

export class SqlStockQueries extends StockQueries {
  readonly #reads: SharedReads<StockState>;

  constructor(stocks: StocksTable) {
    super();
    this.#reads = new SharedReads(async (productIds) => {
      const rows = await findRows(stocks, 'productId', productIds);
      return new Map(rows.map((row) => [row.productId, row]));
    });
  }

  override async get(productId: string): Promise<StockState> {
    const row = await this.#reads.get(productId);
    if (!row) throw productNotFound(productId);
    return row;
  }
}
