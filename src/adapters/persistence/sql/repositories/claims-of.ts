import type { Counted, OpenClaims } from '../../../../domain/orders/quotas.js';
import type { StockState } from '../../../../domain/stock/stock.js';

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

export function stocksIn(rows: readonly ClaimRow[]): StockState[] {
  return rows
    .filter(({ kind }) => kind === 'stock')
    .map(({ productId, value, held, version }) => {
      return { productId: String(productId), available: Number(value), held, version };
    });
}

export function claimsIn(rows: readonly ClaimRow[]): OpenClaims {
  const units = new Map<string, number>();
  for (const { kind, productId, value } of rows) {
    const id = String(productId);
    if (kind === 'units') units.set(id, (units.get(id) ?? 0) + Number(value));
  }
  const slots = (of: Counted) => rows.filter(({ kind }) => kind === of).map((r) => Number(r.value));
  return { unpaidOrders: slots('unpaidOrders'), holds: slots('holds'), units };
}
