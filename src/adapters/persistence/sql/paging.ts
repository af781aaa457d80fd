import { col, literal, type Model, type ModelStatic, Op, where } from 'sequelize';
import type { Page, PageRequest } from '../../../domain/ports/page.js';

interface KeysetOptions {
  readonly where: object;
  readonly order: [ReturnType<typeof col>, 'ASC' | 'DESC'][];
  readonly limit: number;
}

/** How a list is sorted: by a column that the database counts, so clocks do not matter. */
export interface ListOrder {
  readonly table: ModelStatic<Model>;
  readonly column: string;
  readonly direction: 'ASC' | 'DESC';
}

/**
 * Reads one page by keyset: it continues behind the last row of the page before. So every page is
 * equally fast, and rows that are added or removed meanwhile move no other row. Behind a row that
 * does not exist there is nothing.
 */
export async function pageInOrder<T extends { readonly id: string }>(
  { limit, after }: PageRequest,
  { table, column, direction }: ListOrder,
  read: (options: KeysetOptions) => Promise<T[]>,
): Promise<Page<T>> {
  const beyond = direction === 'ASC' ? Op.gt : Op.lt;
  const last = (id: string) =>
    literal(`(SELECT ${column} FROM ${table.tableName} WHERE id = ${table.sequelize?.escape(id)})`);
  // One row more than the limit shows whether another page follows.
  const rows = await read({
    where: after === undefined ? {} : { [Op.and]: [where(col(column), { [beyond]: last(after) })] },
    order: [[col(column), direction]],
    limit: limit + 1,
  });
  const items = rows.slice(0, limit);
  return { items, nextAfter: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** The column with the number of a row, in the sequence of the inserts. */
export function sequenceOf({ sequelize }: ModelStatic<Model>): string {
  return sequelize?.getDialect() === 'sqlite' ? 'rowid' : 'sequence';
}
