import type { BindOrReplacements, Sequelize } from 'sequelize';

/** The parts of a dialect's query class that are used here; Sequelize's types do not have them. */
interface QueryClass {
  new (...args: never[]): object;
  formatBindParameters(sql: string, ...rest: unknown[]): [string, unknown];
}

type Dialect = 'mysql' | 'sqlite';

/** Text in quotes and names in backticks, as Sequelize writes them in each dialect. */
const QUOTED: Readonly<Record<Dialect, RegExp>> = {
  mysql: /'(?:[^'\\]|\\.|'')*'|`[^`]*`/gs,
  sqlite: /'(?:[^']|'')*'|`[^`]*`/g,
};

/**
 * Makes the search for parameters skip quoted text. Sequelize 6 writes some values of an UPDATE
 * into the statement (those of an `IN` list) and binds the others as `$1`. Then it also takes a `$`
 * in the written values for a parameter: a user `joe.$mith` fails the statement, and a user `$1`
 * reads as another value.
 */
export function bindOutsideOfQuotes(sequelize: Sequelize): void {
  const { dialect } = sequelize as unknown as { dialect: { Query: QueryClass } };
  const quoted = QUOTED[sequelize.getDialect() as Dialect];
  const { Query } = dialect;
  dialect.Query = class extends Query {
    static override formatBindParameters(sql: string, ...rest: unknown[]): [string, unknown] {
      const texts = (sql.match(quoted) ?? []).values();
      const [bare, parameters] = Query.formatBindParameters(sql.replace(quoted, "''"), ...rest);
      return [bare.replaceAll("''", () => String(texts.next().value)), parameters];
    }
  };
}

/**
 * The parameters of a raw statement, with each time as text in UTC, like the columns. Without this,
 * Sequelize and the drivers would write a `Date` in the time zone of the process.
 */
export function timesInUtc<T extends BindOrReplacements>(parameters: T, dialect: string): T {
  const inUtc = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inUtc);
    return value instanceof Date ? utcText(value, dialect) : value;
  };
  if (Array.isArray(parameters)) return inUtc(parameters) as T;
  const entries = Object.entries(parameters).map(([name, value]) => [name, inUtc(value)]);
  return Object.fromEntries(entries) as T;
}

function utcText(time: Date, dialect: string): string {
  const text = time.toISOString().slice(0, -1).replace('T', ' ');
  return dialect === 'sqlite' ? `${text} +00:00` : text;
}
