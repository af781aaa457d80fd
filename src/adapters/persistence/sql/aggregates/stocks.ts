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
import { type Buyer, type Offer, Offers } from '../../../../domain/stock/offers.js';
import { StockQueries, StockRepository } from '../../../../domain/stock/ports.js';
import { Stock, type StockState } from '../../../../domain/stock/stock.js';
import { padded, placeholders, Statements } from '../connections/statements.js';
import { allOf, findRow, findRows, replaceVersioned, saveVersioned } from '../rows.js';

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

/** A row of the statement: an offer, a slot in use, or an upper bound of units. */
export interface OfferRow {
  readonly kind: 'offer' | Counted;
  readonly userId: string | null;
  readonly productId: string | null;
  /** Available units for an offer; for other rows the slot, or the units, whose sum may be text. */
  readonly value: number | string;
  readonly held: number;
  readonly version: number;
  readonly price: number;
}

/** More than any quota, so that the items of an order without a largest quantity are counted. */
const UNKNOWN_QUANTITY = 2 ** 31 - 1;

/** Lists of values that a part of the statement uses, in their sequence. */
type List = 'users' | 'products';

interface Part {
  readonly sql: (lists: Readonly<Record<List, string>>) => string;
  readonly lists: readonly List[];
}

const OFFERS: Part = {
  sql: ({ products }) => `
SELECT 'offer' AS kind, NULL AS userId, s.product_id AS productId, s.available AS value, s.held AS held,
  s.version AS version, p.price AS price
FROM stocks s JOIN products p ON p.id = s.product_id WHERE s.product_id IN (${products})`,
  lists: ['products'],
};

const COUNTS: Readonly<Record<Counted, Part>> = {
  unpaidOrders: slotsOf('orders', 'unpaidOrders'),
  holds: slotsOf('reservations', 'holds'),
  units: {
    sql: ({ users }) => `
SELECT 'units', user_id, NULL, SUM(COALESCE(largest_quantity, ${UNKNOWN_QUANTITY})), 0, 0, 0
FROM orders WHERE user_id IN (${users}) AND quota_slot IS NOT NULL
GROUP BY user_id
UNION ALL
SELECT 'units', user_id, NULL, SUM(quantity), 0, 0, 0
FROM reservations WHERE user_id IN (${users}) AND quota_slot IS NOT NULL
GROUP BY user_id`,
    lists: ['users', 'users'],
  },
};

function slotsOf(table: string, kind: Counted): Part {
  return {
    sql: ({ users }) => `
SELECT '${kind}', user_id, NULL, quota_slot, 0, 0, 0
FROM ${table} WHERE user_id IN (${users}) AND quota_slot IS NOT NULL`,
    lists: ['users'],
  };
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

/** The units of a customer by product. */
export function openUnitsStatement(userId: string, productIds: readonly string[]) {
  const products = padded(productIds);
  const marks = placeholders(products.length);
  const sql = `
SELECT i.product_id AS productId, SUM(i.quantity) AS units
FROM orders o JOIN order_items i ON i.order_id = o.id
WHERE o.user_id = ? AND o.quota_slot IS NOT NULL AND i.product_id IN (${marks})
GROUP BY i.product_id
UNION ALL
SELECT product_id, SUM(quantity)
FROM reservations
WHERE user_id = ? AND quota_slot IS NOT NULL AND product_id IN (${marks})
GROUP BY product_id`;
  return { sql, values: [userId, ...products, userId, ...products] };
}

interface UnitsRow {
  readonly productId: string;
  /** A sum may be text. */
  readonly units: number | string;
}

/**
 * Reads offers and open claims by one statement, so that all belong to one moment. If the count
 * were older than the version of the stock, two requests at once could exceed a quota.
 */
export function offersStatement(buyers: readonly Buyer[], counted: readonly Counted[]) {
  const ids = new Set(buyers.flatMap(({ productIds }) => productIds));
  const lists = {
    users: padded([...new Set(buyers.map(({ userId }) => userId))]),
    products: padded([...ids]),
  };
  const marks = {
    users: placeholders(lists.users.length),
    products: placeholders(lists.products.length),
  };
  const parts = [OFFERS, ...counted.map((name) => COUNTS[name])];
  return {
    sql: parts.map(({ sql }) => sql(marks)).join('\nUNION ALL\n'),
    values: parts.flatMap((part) => part.lists.flatMap((name) => lists[name])),
  };
}

function offersIn(rows: readonly OfferRow[]): Offers {
  const offers = new Map<string, Offer>();
  const claims = new Map<string, Claims>();
  for (const { kind, userId, productId, value, held, version, price } of rows) {
    const id = String(productId);
    if (kind === 'offer') {
      const stock = Stock.restore({ productId: id, available: Number(value), held, version });
      offers.set(id, { stock, price });
      continue;
    }
    const user = String(userId);
    const of: Claims = claims.get(user) ?? { unpaidOrders: [], holds: [], units: 0 };
    claims.set(user, of);
    if (kind === 'units') of.units += Number(value);
    else of[kind].push(Number(value));
  }
  return new Offers(offers, claims);
}

/** Open claims, while they are collected from the rows. */
interface Claims {
  readonly unpaidOrders: number[];
  readonly holds: number[];
  units: number;
}

export class SqlStockRepository extends StockRepository {
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

  override async offers(buyers: readonly Buyer[], counted: readonly Counted[]): Promise<Offers> {
    const { sql, values } = offersStatement(buyers, counted);
    return offersIn(await Statements.of(this.transaction).read<OfferRow>(sql, values));
  }

  override async getOpenUnits(
    userId: string,
    productIds: readonly string[],
  ): Promise<ReadonlyMap<string, number>> {
    const { sql, values } = openUnitsStatement(userId, productIds);
    const rows = await Statements.of(this.transaction).read<UnitsRow>(sql, values);
    const units = new Map<string, number>();
    for (const { productId, units: more } of rows) {
      units.set(productId, (units.get(productId) ?? 0) + Number(more));
    }
    return units;
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
  constructor(private readonly stocks: StocksTable) {
    super();
  }

  override async get(productId: string): Promise<StockState> {
    const row = await findRow(this.stocks, 'productId', productId);
    if (!row) throw productNotFound(productId);
    return row;
  }
}
