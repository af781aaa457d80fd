import {
  type CreationAttributes,
  col,
  literal,
  type Model,
  type ModelStatic,
  Op,
  QueryTypes,
  type Transaction,
  type WhereOptions,
  where,
} from 'sequelize';
import { ConcurrentUpdateError } from '../../../domain/ports/failures.js';
import type { Page, PageRequest } from '../../../domain/ports/page.js';
import { isDuplicate } from './sql-failures.js';

/**
 * Saves a row that nobody changed since it was read: version 0 is inserted, any other is updated
 * by compare-and-set on its version. The comparison, not a lock, is what keeps an update from
 * being lost. An update leaves the columns in `kept` as they are.
 *
 * @returns the row's new version
 * @throws ConcurrentUpdateError the row has another version by now, or its quota slot is taken
 */
export async function saveVersioned<Row extends { version: number }>(
  table: ModelStatic<Model<Row>>,
  row: Row,
  key: Partial<Row>,
  transaction: Transaction,
  kept: readonly (keyof Row)[] = [],
): Promise<number> {
  const version = row.version + 1;
  const next = { ...row, version };
  if (row.version === 0) {
    try {
      await table.create(next as CreationAttributes<Model<Row>>, { transaction });
    } catch (error) {
      if (!isDuplicate(error, 'quota_slot')) throw error;
      throw new ConcurrentUpdateError(`${table.name}: the quota slot is taken`, { cause: error });
    }
    return version;
  }
  const where = { ...key, version: row.version } as WhereOptions<Row>;
  const fields = (Object.keys(next) as (keyof Row)[]).filter((name) => !kept.includes(name));
  const [changed] = await table.update(next, { where, transaction, fields });
  if (changed !== 1) {
    throw new ConcurrentUpdateError(`${table.name} ${Object.values(key).join(' ')} has changed`);
  }
  return version;
}

/**
 * Updates these columns of many rows by one statement, each row by compare-and-set as above.
 *
 * @throws ConcurrentUpdateError one of them has another version by now
 */
export async function updateVersioned<Row extends { version: number }>(
  table: ModelStatic<Model<Row>>,
  rows: readonly Row[],
  key: keyof Row & string,
  columns: readonly (keyof Row & string)[],
  transaction: Transaction,
): Promise<void> {
  if (rows.length === 0) return;
  const attributes = table.getAttributes();
  const named = (attribute: keyof Row & string) => attributes[attribute].field ?? attribute;
  const whens = rows.map(() => 'WHEN ? THEN ?').join(' ');
  const sets = columns.map((column) => `${named(column)} = CASE ${named(key)} ${whens} END`);
  const matches = rows.map(() => `(${named(key)} = ? AND version = ?)`).join(' OR ');
  const statement = `UPDATE ${table.tableName} SET ${sets.join(', ')}, version = version + 1 WHERE ${matches}`;
  const replacements = [
    ...columns.flatMap((column) => rows.flatMap((row) => [row[key], row[column]])),
    ...rows.flatMap((row) => [row[key], row.version]),
  ];
  const changed = await table.sequelize?.query(statement, {
    type: QueryTypes.BULKUPDATE,
    replacements,
    transaction,
  });
  if (changed !== rows.length) {
    const late = rows.length - (changed ?? 0);
    throw new ConcurrentUpdateError(`${late} of ${rows.length} ${table.name} have changed`);
  }
}

/**
 * What was found, in the order it was asked for.
 * @throws what `missing` makes of the first id that was not found
 */
export function allOf<T>(
  ids: readonly string[],
  found: ReadonlyMap<string, T>,
  missing: (id: string) => Error,
): T[] {
  return ids.map((id) => {
    const item = found.get(id);
    if (item === undefined) throw missing(id);
    return item;
  });
}

interface KeysetOptions {
  readonly where: object;
  readonly order: [ReturnType<typeof col>, 'ASC' | 'DESC'][];
  readonly limit: number;
}

/** What a list is in the order of: a column that the database counts, whatever clocks say. */
export interface ListOrder {
  readonly table: ModelStatic<Model>;
  readonly column: string;
  readonly direction: 'ASC' | 'DESC';
}

/**
 * Reads one page by keyset: behind the last row seen, so it stays quick however far one pages, and
 * rows that come or go meanwhile shift nothing. Behind a row that does not exist there is nothing.
 */
export async function pageInOrder<T extends { readonly id: string }>(
  { limit, after }: PageRequest,
  { table, column, direction }: ListOrder,
  read: (options: KeysetOptions) => Promise<T[]>,
): Promise<Page<T>> {
  const beyond = direction === 'ASC' ? Op.gt : Op.lt;
  const last = (id: string) =>
    literal(`(SELECT ${column} FROM ${table.tableName} WHERE id = ${table.sequelize?.escape(id)})`);
  // One more than asked for tells whether another page follows.
  const rows = await read({
    where: after === undefined ? {} : { [Op.and]: [where(col(column), { [beyond]: last(after) })] },
    order: [[col(column), direction]],
    limit: limit + 1,
  });
  const items = rows.slice(0, limit);
  return { items, nextAfter: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** The number of a row in the order in which rows came into the table. */
export function sequenceOf({ sequelize }: ModelStatic<Model>): string {
  return sequelize?.getDialect() === 'sqlite' ? 'rowid' : 'sequence';
}
