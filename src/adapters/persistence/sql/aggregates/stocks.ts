import {
  DataTypes,
  type Model,
  type ModelStatic,
  QueryTypes,
  type Sequelize,
  type Transaction,
} from 'sequelize';
import { productNotFound } from '../../../../domain/catalogue/product.js';
import type { Counted, OpenClaims } from '../../../../domain/orders/quotas.js';
import {
  StockQueries,
  StockRepository,
  type StocksAndClaims,
} from '../../../../domain/stock/ports.js';
import { Stock, type StockState } from '../../../../domain/stock/stock.js';
import { allOf, saveVersioned, updateVersioned } from '../rows.js';

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

/** A row of the statement: a stock, a slot that is taken, or units of a product. */
export interface ClaimRow {
  readonly kind: 'stock' | Counted;
  readonly productId: string | null;
  /** Units available of a stock, else the slot or the units; sums come as text. */
  readonly value: number | string;
  readonly held: number;
  readonly version: number;
}

const STOCKS = `
SELECT 'stock' AS kind, product_id AS productId, available AS value, held, version
FROM stocks WHERE product_id IN (:productIds)`;

const COUNTS: Readonly<Record<Counted, string>> = {
  unpaidOrders: slotsOf('orders', 'unpaidOrders'),
  holds: slotsOf('reservations', 'holds'),
  units: `
SELECT 'units', i.product_id, SUM(i.quantity), 0, 0
FROM orders o JOIN order_items i ON i.order_id = o.id
WHERE o.user_id = :userId AND o.quota_slot IS NOT NULL AND i.product_id IN (:productIds)
GROUP BY i.product_id
UNION ALL
SELECT 'units', product_id, SUM(quantity), 0, 0
FROM reservations
WHERE user_id = :userId AND quota_slot IS NOT NULL AND product_id IN (:productIds)
GROUP BY product_id`,
};

function slotsOf(table: string, kind: Counted): string {
  return `
SELECT '${kind}', NULL, quota_slot, 0, 0
FROM ${table} WHERE user_id = :userId AND quota_slot IS NOT NULL`;
}

/**
 * Stocks and what a customer has open by one statement, which sees one moment: a count that is
 * older than the stock's version could be passed by two requests at once.
 */
export function claimsStatement(counted: readonly Counted[]): string {
  return [STOCKS, ...counted.map((name) => COUNTS[name])].join('\nUNION ALL\n');
}

function stocksIn(rows: readonly ClaimRow[]): StockState[] {
  return rows
    .filter(({ kind }) => kind === 'stock')
    .map(({ productId, value, held, version }) => {
      return { productId: String(productId), available: Number(value), held, version };
    });
}

function claimsIn(rows: readonly ClaimRow[]): OpenClaims {
  const units = new Map<string, number>();
  for (const { kind, productId, value } of rows) {
    const id = String(productId);
    if (kind === 'units') units.set(id, (units.get(id) ?? 0) + Number(value));
  }
  const slots = (of: Counted) => rows.filter(({ kind }) => kind === of).map((r) => Number(r.value));
  return { unpaidOrders: slots('unpaidOrders'), holds: slots('holds'), units };
}

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
