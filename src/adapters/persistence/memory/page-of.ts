import type { Page, PageRequest } from '../../../domain/ports/page.js';

/** One page of rows that are in the order of their listing. */
export function pageOf<T extends { readonly id: string }>(
  rows: readonly T[],
  { limit, after }: PageRequest,
): Page<T> {
  const last = rows.findIndex((row) => row.id === after);
  const start = after === undefined || last >= 0 ? last + 1 : rows.length;
  const items = rows.slice(start, start + limit);
  const more = start + limit < rows.length;
  return { items, nextAfter: more ? (items.at(-1)?.id ?? null) : null };
}
