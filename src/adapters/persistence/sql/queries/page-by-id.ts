import { Op } from 'sequelize';
import type { Page, PageRequest } from '../../../../domain/ports/page.js';

interface KeysetOptions {
  readonly where: object;
  readonly order: [string, string][];
  readonly limit: number;
}

/**
 * Reads one page by keyset: behind the last id seen, so it stays quick however far one pages,
 * and rows that come or go meanwhile shift nothing. Ids sort by time.
 */
export async function pageById<T extends { readonly id: string }>(
  { limit, after }: PageRequest,
  direction: 'ASC' | 'DESC',
  read: (options: KeysetOptions) => Promise<T[]>,
): Promise<Page<T>> {
  const beyond = direction === 'ASC' ? Op.gt : Op.lt;
  // One more than asked for tells whether another page follows.
  const rows = await read({
    where: after === undefined ? {} : { id: { [beyond]: after } },
    order: [['id', direction]],
    limit: limit + 1,
  });
  const items = rows.slice(0, limit);
  return { items, nextAfter: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}
