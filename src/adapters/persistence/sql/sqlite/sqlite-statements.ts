import type { Result, Send, Statement, Values } from '../connections/issued-statements.js';

/** The parts of the driver's connection that are used here. */
export interface SqliteConnection {
  all(
    sql: string,
    values: Values,
    done: (error: Error | null, rows?: readonly object[]) => void,
  ): void;
  run(
    sql: string,
    values: Values,
    done: (this: { readonly changes: number }, error: Error | null) => void,
  ): void;
}

/** Sends each statement when the one before it has succeeded. */
export function sqliteSend(connection: SqliteConnection): Send {
  return (statements, ended) => sendInTurn(connection, statements, [], ended);
}

function sendInTurn(
  connection: SqliteConnection,
  [next, ...rest]: readonly Statement[],
  results: readonly Result[],
  ended: Parameters<Send>[1],
): void {
  if (!next) {
    ended(results);
    return;
  }
  const { sql, values, kind } = next;
  const done = (error: Error | null, result: Result) => {
    if (error) ended(results, error);
    else sendInTurn(connection, rest, [...results, result], ended);
  };
  if (kind === 'read') connection.all(sql, values, (error, rows = []) => done(error, rows));
  else {
    connection.run(sql, values, function (error) {
      done(error, { affectedRows: this.changes });
    });
  }
}
