import type { LockstepSchemas } from '../../src/client/lockstep-client.js';
import type { ApiClient } from './api-client.js';

let serial = 0;

/**
 * Adds a product that no other test of this run uses.
 *
 * @returns its id
 * @throws Error the service refuses it
 */
export async function addProduct(
  admin: ApiClient,
  { stock = 10, price = 100, category = 'test' } = {},
): Promise<string> {
  serial += 1;
  const sku = `T-${process.pid}-${serial}-${Date.now()}`;
  const body = { sku, name: 'Thing', price, category, stock };
  const { data, error } = await admin.api.POST('/v1/products', { body });
  if (!data) throw new Error(`the product was not added: ${JSON.stringify(error)}`);
  return data.id;
}

export function orderOf(productId: string, quantity = 1): LockstepSchemas['NewOrder'] {
  return { items: [{ productId, quantity }] };
}

/** The path parameter of a typed request. */
export function withId(id: string): { params: { path: { id: string } } } {
  return { params: { path: { id } } };
}

/** Every item of a list, page by page. */
export async function readAll<T>(client: ApiClient, path: string): Promise<T[]> {
  const items: T[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const from = cursor === '' ? '' : `&cursor=${cursor}`;
    const page = await client.get(`${path}?limit=100${from}`);
    items.push(...page.body.items);
    cursor = page.body.nextCursor;
  }
  return items;
}

/** How often each status occurs, as in `{ 201: 50, 409: 150 }`. */
export function tally(answers: readonly { readonly status: number }[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
