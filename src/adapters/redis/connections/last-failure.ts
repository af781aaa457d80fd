interface Connection {
  on(event: 'ready' | 'error', listener: (error?: unknown) => void): unknown;
}

const failures = new WeakMap<Connection, unknown>();

/** Keeps the last failure of this connection from now on, as the cause of later errors. */
export function keepLastFailure(connection: Connection): void {
  if (failures.has(connection)) return;
  failures.set(connection, undefined);
  connection.on('error', (error) => failures.set(connection, error));
  connection.on('ready', () => failures.set(connection, undefined));
}

/** Why there is no connection; undefined when that is not known. */
export function lastFailure(connection: Connection): unknown {
  return failures.get(connection);
}
