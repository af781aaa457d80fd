import type { Result, RoundTrips, Send, Statement } from './issued-statements.js';

type Done = (error: Error | null, result: Result | readonly Result[]) => void;

/** What mysql2 returns for a statement: it reports each result as it arrives. */
interface Running {
  on(event: 'result', listener: (result: Result) => void): unknown;
}

type Method = (statement: string | { readonly sql: string }, ...rest: unknown[]) => unknown;

/** The parts of a mysql2 connection that are used here. */
export interface MysqlConnection {
  query: Method;
  execute: Method;
  format(sql: string, values: readonly unknown[]): string;
  destroy(): void;
}

const known = new WeakMap<object, MysqlRoundTrips>();

/** Text in quotes, names in backticks, and comments, except those that the server executes. */
const QUOTED =
  /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`[^`]*`|\/\*(?!M?!).*?\*\/|(?:--\s|#)[^\n]*/gs;

const BEGIN: Statement = { sql: 'START TRANSACTION', values: [], kind: 'rareChange' };

/**
 * Sends the statements of a transaction in as few round trips as possible: those that are issued
 * together are one text, and a transaction begins together with its first statement. The connection
 * must allow several statements in one text (`multipleStatements`).
 *
 * Only the texts that are put together here may have several. Any other text with more after a `;`
 * outside of quotes is refused, so a value that breaks out of its quotes cannot add a statement.
 */
export function roundTripsOf(connection: MysqlConnection): RoundTrips {
  let own = known.get(connection);
  if (!own) {
    own = new MysqlRoundTrips(connection);
    known.set(connection, own);
  }
  return own;
}

class MysqlRoundTrips implements RoundTrips {
  readonly #format: MysqlConnection['format'];
  readonly #query: Method;
  readonly #execute: Method;
  readonly #destroy: () => void;
  #isToBegin = false;

  /** Replaces the methods of the connection, which Sequelize and the pool call too. */
  constructor(connection: MysqlConnection) {
    this.#format = connection.format.bind(connection);
    this.#query = connection.query.bind(connection);
    this.#execute = connection.execute.bind(connection);
    this.#destroy = connection.destroy.bind(connection);
    connection.query = (statement, ...rest) => {
      const sql = typeof statement === 'string' ? statement : statement.sql;
      if (sql.includes(';') && /;\s*\S/.test(sql.replace(QUOTED, ''))) {
        throw new TypeError('A text with several statements is refused.');
      }
      this.#beginNow();
      return this.#query(statement, ...rest);
    };
    connection.execute = (statement, ...rest) => {
      this.#beginNow();
      return this.#execute(statement, ...rest);
    };
  }

  beginWithNext(): void {
    this.#isToBegin = true;
  }

  forgetBegin(): boolean {
    const isForgotten = this.#isToBegin;
    this.#isToBegin = false;
    return isForgotten;
  }

  readonly send: Send = (statements, ended) => {
    const [first] = statements;
    if (this.forgetBegin()) {
      this.#sendTogether([BEGIN, ...statements], (results, error) =>
        ended(results.slice(1), error),
      );
    } else if (first && statements.length === 1) this.#sendOne(first, ended);
    else this.#sendTogether(statements, ended);
  };

  #beginNow(): void {
    if (!this.forgetBegin()) return;
    // Without its begin the statement after it would be committed alone.
    this.#query(BEGIN.sql, (error: Error | null) => error && this.#destroy());
  }

  #sendOne({ sql, values, kind }: Statement, ended: Parameters<Send>[1]): void {
    const done: Done = (error, result) => (error ? ended([], error) : ended([result as Result]));
    const method = kind === 'rareChange' ? this.#query : this.#execute;
    method(sql, values, done);
  }

  #sendTogether(statements: readonly Statement[], ended: Parameters<Send>[1]): void {
    const text = statements.map(({ sql, values }) => this.#format(sql, values)).join('; ');
    /** Those of the statements before the one that failed. */
    const results: Result[] = [];
    const done: Done = (error, all) => {
      // Rows are reported at the end only, so it is not known which result is of which statement.
      if (error) ended(statements.some(({ kind }) => kind === 'read') ? [] : results, error);
      else ended(all as readonly Result[]);
    };
    const running = this.#query(text, done) as Running;
    running.on('result', (result) => results.push(result));
  }
}
