import type { Page, PageRequest } from '../../../domain/ports/page.js';

/** One page of rows that are in the order of their listing. */
export function pageOf<T extends { readonly id: string }>(
  rows: readonly T[],
  { limit, after }: PageRequest,
): Page<T> {
  const start = after === undefined ? 0 : rows.findIndex((row) => row.id === after) + 1;
  const items = rows.slice(start, start + limit);
  const more = start + limit < rows.length;
  return { items, nextAfter: more ? (items.at(-1)?.id ?? null) : null };
}

/** Ids sort by the time they were made. */
export function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}
