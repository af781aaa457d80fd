import type { ApiClient } from './api-client.js';

let serial = 0;

/** A product nobody else in this test run uses; answers its id. */
export async function addProduct(
  admin: ApiClient,
  { stock = 10, price = 100, category = 'test' } = {},
): Promise<string> {
  serial += 1;
  const sku = `T-${process.pid}-${serial}-${Date.now()}`;
  const answer = await admin.post('/v1/products', { sku, name: 'Thing', price, category, stock });
  if (answer.status !== 201) throw new Error(`no product: ${JSON.stringify(answer.body)}`);
  return answer.body.id;
}

export function orderOf(productId: string, quantity = 1): object {
  return { items: [{ productId, quantity }] };
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
