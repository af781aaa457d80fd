import type { Transaction } from 'sequelize';
import type { Counted } from '../../../../domain/orders/quotas.js';
import { type Buyer, type Offer, Offers } from '../../../../domain/stock/offers.js';
import { Stock } from '../../../../domain/stock/stock.js';
import { padded, placeholders, Statements } from '../connections/statements.js';

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

/**
 * Reads offers and open claims by one statement, so that all belong to one moment. If the count
 * were older than the version of the stock, two requests at once could exceed a quota.
 */
export async function readOffers(
  transaction: Transaction,
  buyers: readonly Buyer[],
  counted: readonly Counted[],
): Promise<Offers> {
  const { sql, values } = offersStatement(buyers, counted);
  return offersIn(await Statements.of(transaction).read<OfferRow>(sql, values));
}

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

interface UnitsRow {
  readonly productId: string;
  /** A sum may be text. */
  readonly units: number | string;
}

/** The open units of a customer by product. */
export async function readOpenUnits(
  transaction: Transaction,
  userId: string,
  productIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { sql, values } = openUnitsStatement(userId, productIds);
  const rows = await Statements.of(transaction).read<UnitsRow>(sql, values);
  const units = new Map<string, number>();
  for (const { productId, units: more } of rows) {
    units.set(productId, (units.get(productId) ?? 0) + Number(more));
  }
  return units;
}

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
