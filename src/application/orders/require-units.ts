import type { BasketItem } from '../../domain/orders/basket.js';
import type { OpenClaims, Quotas } from '../../domain/orders/quotas.js';
import type { Transaction } from '../../domain/ports/unit-of-work.js';

/**
 * Requires that the customer may have these units. The units of each product are counted only where
 * the upper bound does not admit them. When a stock is saved after it, the count was right: another
 * request that took units of that stock meanwhile makes the save fail.
 *
 * @throws DomainError `quota_exceeded`
 */
export async function requireUnits(
  { stocks }: Transaction,
  quotas: Quotas,
  { userId, items }: { readonly userId: string; readonly items: readonly BasketItem[] },
  claims: OpenClaims,
): Promise<void> {
  if (items.every(({ quantity }) => quotas.allowsUnits(quantity, claims.units))) return;
  const productIds = items.map(({ productId }) => productId);
  const open = await stocks.getOpenUnits(userId, productIds);
  for (const { productId, quantity } of items) {
    quotas.requireUnits(productId, quantity, open.get(productId) ?? 0);
  }
}
