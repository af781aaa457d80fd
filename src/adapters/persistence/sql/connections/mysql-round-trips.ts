import { type Issued, IssuedStatements } from './issued-statements.js';

export type MysqlResult = readonly object[] & { readonly affectedRows?: number };
type Done = (error: Error | null, result: MysqlResult | readonly MysqlResult[]) => void;

/** What mysql2 returns for a statement: it reports each result as it arrives. */
interface Running {
  on(event: 'result', listener: (result: MysqlResult) => void): unknown;
}

type Method = (statement: string | { readonly sql: string }, ...rest: unknown[]) => unknown;

/** The parts of a mysql2 connection that are used here. */
export interface MysqlConnection {
  query: Method;
  execute: Method;
  format(sql: string, values: readonly unknown[]): string;
}

const known = new WeakMap<object, IssuedStatements<MysqlResult>>();

/** Text in quotes, names in backticks, and comments, except those that the server executes. */
const QUOTED =
  /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`[^`]*`|\/\*(?!M?!).*?\*\/|(?:--\s|#)[^\n]*/gs;

/**
 * Sends the statements of a transaction in as few round trips as possible: those that are issued
 * together are one text. The connection must allow several statements in one text
 * (`multipleStatements`).
 *
 * Only the texts that are put together here may have several. Any other text with more after a `;`
 * outside of quotes is refused, so a value that breaks out of its quotes cannot add a statement.
 */
export function roundTripsOf(connection: MysqlConnection): IssuedStatements<MysqlResult> {
  const own = known.get(connection);
  if (own) return own;
  const query = connection.query.bind(connection);
  const execute = connection.execute.bind(connection);
  const made = new IssuedStatements<MysqlResult>((statements) => {
    const [first] = statements;
    if (first && statements.length === 1) sendOne(first.isFrequent ? execute : query, first);
    else sendTogether(query, connection, statements);
  });
  known.set(connection, made);
  connection.query = (statement, ...rest) => {
    const sql = typeof statement === 'string' ? statement : statement.sql;
    if (sql.includes(';') && /;\s*\S/.test(sql.replace(QUOTED, ''))) {
      throw new TypeError('A text with several statements is refused.');
    }
    made.sendWaiting();
    return query(statement, ...rest);
  };
  connection.execute = (statement, ...rest) => {
    made.sendWaiting();
    return execute(statement, ...rest);
  };
  return made;
}

function sendOne(method: Method, { sql, values, resolve, reject }: Issued<MysqlResult>): void {
  const done: Done = (error, result) => (error ? reject(error) : resolve(result as MysqlResult));
  method(sql, values, done);
}

function sendTogether(
  query: Method,
  connection: MysqlConnection,
  statements: readonly Issued<MysqlResult>[],
): void {
  const text = statements.map(({ sql, values }) => connection.format(sql, values)).join('; ');
  /** Those of the statements before the one that failed. */
  const results: MysqlResult[] = [];
  const done: Done = (error, all) => {
    const ended = error ? results : (all as readonly MysqlResult[]);
    for (const [i, { resolve, reject }] of statements.entries()) {
      const result = ended[i];
      if (result) resolve(result);
      else reject(error ?? new TypeError('The server sent too few results.'));
    }
  };
  const running = query(text, done) as Running;
  running.on('result', (result) => results.push(result));
}
