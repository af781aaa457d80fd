import {
  DataTypes,
  type Model,
  type ModelStatic,
  type Sequelize,
  type Transaction,
} from 'sequelize';
import { ConcurrentUpdateError } from '../../../domain/ports/failures.js';
import { waitForAll } from '../../../domain/ports/wait-for-all.js';
import { padded, placeholders, Statements } from './connections/statements.js';
import type { TranslatingSequelize } from './connections/translating-sequelize.js';
import { isDuplicate } from './sql-failures.js';

type Column<Row> = keyof Row & string;

/** The parts of a Sequelize table that plain SQL needs. */
interface PlainTable<Row> {
  readonly attributes: readonly Column<Row>[];
  readonly columns: readonly string[];
  readonly times: readonly Column<Row>[];
}

const plainTables = new WeakMap<object, PlainTable<never>>();

function plain<Row extends object>(table: ModelStatic<Model<Row>>): PlainTable<Row> {
  const known = plainTables.get(table) as PlainTable<Row> | undefined;
  if (known) return known;
  const all = table.getAttributes();
  const attributes = Object.keys(all) as Column<Row>[];
  const made = {
    attributes,
    columns: attributes.map((name) => all[name].field ?? name),
    times: attributes.filter((name) => all[name].type instanceof DataTypes.DATE),
  };
  plainTables.set(table, made as PlainTable<never>);
  return made;
}

function columnOf<Row extends object>(table: ModelStatic<Model<Row>>, name: Column<Row>): string {
  return table.getAttributes()[name].field ?? name;
}

/**
 * Reads the rows that have one of these values in a column, in no particular order. Without a
 * transaction it uses a free connection. It makes no models, because every order and payment uses
 * these reads.
 */
export async function findRows<Row extends object, Name extends Column<Row>>(
  table: ModelStatic<Model<Row>>,
  name: Name,
  values: readonly Row[Name][],
  transaction?: Transaction,
): Promise<Row[]> {
  if (values.length === 0) return [];
  const { tableName } = table;
  const wanted = padded(values);
  const sql = `SELECT ${fieldsOf(table)} FROM ${tableName} WHERE ${columnOf(table, name)} IN (${placeholders(wanted.length)})`;
  const rows = await read<Row>(table, sql, wanted, transaction);
  return allWithTimes(rows, plain(table).times);
}

/** Rows of another table that belong to the rows of a table. */
interface Joined<Row extends object> {
  readonly table: ModelStatic<Model<Row>>;
  /** Its column with the key of the other table. */
  readonly on: Column<Row>;
}

/**
 * The same as `findRows`, by the primary key and with the rows of a second table: one for each row of
 * the second table. A row that has none of these is left out. The names of the columns must differ.
 */
export async function findJoinedRows<
  Row extends object,
  Name extends Column<Row>,
  More extends object,
>(
  table: ModelStatic<Model<Row>>,
  name: Name,
  values: readonly Row[Name][],
  joined: Joined<More>,
  transaction?: Transaction,
): Promise<(Row & More)[]> {
  if (values.length === 0) return [];
  const wanted = padded(values);
  const key = `one.${columnOf(table, name)}`;
  const sql = `SELECT ${fieldsOf(table, 'one.')}, ${fieldsOf(joined.table, 'many.')}
FROM ${table.tableName} one JOIN ${joined.table.tableName} many ON many.${columnOf(joined.table, joined.on)} = ${key}
WHERE ${key} IN (${placeholders(wanted.length)})`;
  const rows = await read<Row & More>(table, sql, wanted, transaction);
  return allWithTimes(rows, plain(table).times as Column<Row & More>[]);
}

function fieldsOf<Row extends object>(table: ModelStatic<Model<Row>>, from = ''): string {
  const { attributes, columns } = plain(table);
  return attributes.map((attribute, i) => `${from}${columns[i]} AS ${attribute}`).join(', ');
}

function read<Row extends object>(
  { sequelize }: { readonly sequelize?: Sequelize | undefined },
  sql: string,
  values: readonly unknown[],
  transaction?: Transaction,
): Promise<readonly Row[]> {
  const send = (statements: Statements) => statements.read<Row>(sql, values);
  return transaction
    ? send(Statements.of(transaction))
    : Statements.onFreeConnection(sequelize as TranslatingSequelize, send);
}

function allWithTimes<Row extends object>(
  rows: readonly Row[],
  times: readonly Column<Row>[],
): Row[] {
  return times.length === 0 ? [...rows] : rows.map((row) => withTimes(row, times));
}

/** SQLite stores a time as text. */
function withTimes<Row extends object>(row: Row, times: readonly Column<Row>[]): Row {
  const read = times.map((name) => {
    const time = row[name] as unknown as Date | string | null;
    return [name, typeof time === 'string' ? new Date(time) : time];
  });
  return { ...row, ...Object.fromEntries(read) };
}

/** The same as `findRows` for one value, when at most one row has it. */
export async function findRow<Row extends object, Name extends Column<Row>>(
  table: ModelStatic<Model<Row>>,
  name: Name,
  value: Row[Name],
  transaction?: Transaction,
): Promise<Row | undefined> {
  const [row] = await findRows(table, name, [value], transaction);
  return row;
}

/** Inserts rows by one statement. A column that no row names keeps its default. */
export async function insertRows<Row extends object>(
  table: ModelStatic<Model<Row>>,
  rows: readonly Partial<Row>[],
  transaction: Transaction,
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const names = Object.keys(first) as Column<Row>[];
  await Statements.of(transaction).insert(
    table.tableName,
    names.map((name) => columnOf(table, name)),
    rows.map((row) => names.map((name) => row[name] ?? null)),
  );
}

/**
 * Saves a row if nobody changed it since it was read. Version 0 is inserted; any other version is
 * updated by compare-and-set. So this comparison, not a lock, prevents a lost update. An update
 * does not change the columns in `kept`.
 *
 * @returns the new version of the row
 * @throws ConcurrentUpdateError the row has another version now, or its quota slot is taken
 */
export async function saveVersioned<Row extends { version: number }>(
  table: ModelStatic<Model<Row>>,
  row: Row,
  key: Partial<Row>,
  transaction: Transaction,
  kept: readonly (keyof Row)[] = [],
): Promise<number> {
  const version = row.version + 1;
  if (row.version === 0) {
    await insertVersioned(table, [{ ...row, version }], transaction);
    return version;
  }
  const keys = Object.keys(key) as Column<Row>[];
  const isSet = (name: Column<Row>) => !kept.includes(name) && !keys.includes(name);
  const names = (Object.keys(row) as Column<Row>[]).filter(isSet);
  const next = { ...row, version };
  const sets = names.map((name) => `${columnOf(table, name)} = ?`).join(', ');
  const matches = keys.map((name) => `${columnOf(table, name)} = ? AND `).join('');
  const changed = await Statements.of(transaction).change(
    `UPDATE ${table.tableName} SET ${sets} WHERE ${matches}version = ?`,
    [...names.map((name) => next[name] ?? null), ...keys.map((name) => key[name]), row.version],
  );
  if (changed !== 1) {
    throw new ConcurrentUpdateError(`${table.name} ${Object.values(key).join(' ')} has changed`);
  }
  return version;
}

/**
 * Inserts new rows by one statement, each with its first version.
 * @throws ConcurrentUpdateError a quota slot is taken
 */
export async function insertVersioned<Row extends object>(
  table: ModelStatic<Model<Row>>,
  rows: readonly Row[],
  transaction: Transaction,
): Promise<void> {
  try {
    await insertRows(table, rows, transaction);
  } catch (error) {
    if (!isDuplicate(error, 'quota_slot')) throw error;
    throw new ConcurrentUpdateError(`${table.name}: the quota slot is taken`, { cause: error });
  }
}

/** The new row, and the version that it replaces. */
export interface RowReplacement<Row> {
  readonly row: Row;
  readonly readVersion: number;
}

/**
 * Updates these columns and the version of many rows by one statement, each row by compare-and-set.
 *
 * @throws ConcurrentUpdateError one of them has another version now
 */
export async function replaceVersioned<
  Row extends { version: number },
  Key extends Column<Row>,
  Name extends Column<Row>,
>(
  table: ModelStatic<Model<Row>>,
  replacements: readonly RowReplacement<Pick<Row, Key | Name | 'version'>>[],
  key: Key,
  columns: readonly Name[],
  transaction: Transaction,
): Promise<void> {
  if (replacements.length === 0) return;
  const all = padded(replacements);
  const keyColumn = columnOf(table, key);
  const names: readonly (Name | 'version')[] = [...columns, 'version'];
  const isOne = all.length === 1;
  const whens = all.map(() => 'WHEN ? THEN ?').join(' ');
  const value = isOne ? '?' : `CASE ${keyColumn} ${whens} END`;
  const sets = names.map((name) => `${columnOf(table, name)} = ${value}`).join(', ');
  const matches = all.map(() => `(${keyColumn} = ? AND version = ?)`).join(' OR ');
  const changed = await Statements.of(transaction).change(
    `UPDATE ${table.tableName} SET ${sets} WHERE ${matches}`,
    [
      ...names.flatMap((name) =>
        all.flatMap<unknown>(({ row }) => (isOne ? [row[name]] : [row[key], row[name]])),
      ),
      ...all.flatMap(({ row, readVersion }) => [row[key], readVersion]),
    ],
  );
  if (changed !== replacements.length) {
    const late = replacements.length - changed;
    throw new ConcurrentUpdateError(`${late} of ${replacements.length} ${table.name} have changed`);
  }
}

/**
 * Inserts the rows that replace version 0, and updates these columns and the version of the others.
 *
 * @throws ConcurrentUpdateError one of them has another version now
 */
export async function writeVersioned<
  Row extends { version: number },
  Key extends Column<Row>,
  Name extends Column<Row>,
>(
  table: ModelStatic<Model<Row>>,
  rows: readonly RowReplacement<Row>[],
  key: Key,
  columns: readonly Name[],
  transaction: Transaction,
): Promise<void> {
  const added = rows.flatMap(({ row, readVersion }) => (readVersion === 0 ? [row] : []));
  const changed = rows.filter(({ readVersion }) => readVersion > 0);
  await waitForAll([
    insertVersioned(table, added, transaction),
    replaceVersioned(table, changed, key, columns, transaction),
  ]);
}

/**
 * The found items in the order of the ids.
 * @throws the error that `missing` makes for the first id that was not found
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
