import {
  BaseError,
  ConnectionError,
  UniqueConstraintError,
  type ValidationErrorItem,
} from 'sequelize';
import {
  ConcurrentUpdateError,
  DependencyUnavailableError,
  ResourceBusyError,
} from '../../../domain/ports/failures.js';

/** The database broke a deadlock or found that the row was changed. A retry may succeed at once. */
const CONFLICTS = new Set([
  'ER_LOCK_DEADLOCK',
  'ER_CHECKREAD',
  'ER_TRANSACTION_ROLLBACK_DURING_COMMIT',
]);

/** The statement waited too long already, so it is not tried again. */
const TIMEOUTS = new Set([
  'ER_LOCK_WAIT_TIMEOUT',
  'SQLITE_BUSY',
  'SQLITE_LOCKED',
  'SQLITE_PROTOCOL',
]);

/**
 * The server is down, stops, has no space, or ended the statement. Codes of mysql2, libuv and
 * SQLite.
 */
const OUTAGES = new Set([
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'ER_ABORTING_CONNECTION',
  'ER_CLIENT_INTERACTION_TIMEOUT',
  'ER_CON_COUNT_ERROR',
  'ER_CONNECTION_KILLED',
  'ER_DISK_FULL',
  'ER_ERROR_DURING_COMMIT',
  'ER_ERROR_ON_WRITE',
  'ER_FILSORT_ABORT',
  'ER_GOT_SIGNAL',
  'ER_LOCK_TABLE_FULL',
  'ER_NET_ERROR_ON_WRITE',
  'ER_NET_READ_ERROR',
  'ER_NET_READ_INTERRUPTED',
  'ER_NET_WRITE_INTERRUPTED',
  'ER_NEW_ABORTING_CONNECTION',
  'ER_QUERY_INTERRUPTED',
  'ER_QUERY_TIMEOUT',
  'ER_RECORD_FILE_FULL',
  'ER_SERVER_SHUTDOWN',
  'ER_STATEMENT_TIMEOUT',
  'ER_TOO_MANY_CONCURRENT_TRXS',
  'ER_TOO_MANY_USER_CONNECTIONS',
  'ER_USER_LIMIT_REACHED',
  'EE_WRITE',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'SQLITE_CANTOPEN',
  'SQLITE_CORRUPT',
  'SQLITE_FULL',
  'SQLITE_INTERRUPT',
  'SQLITE_IOERR',
  'SQLITE_NOMEM',
  'SQLITE_NOTADB',
  'SQLITE_PERM',
  'SQLITE_READONLY',
]);

/** The server takes no writes: it is a replica, was demoted, or was excluded by its cluster. */
const READ_ONLY = new Set([
  'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION',
  'ER_OPTION_PREVENTS_STATEMENT',
  'ER_READ_ONLY_MODE',
  'ER_RUN_HOOK_ERROR',
  'ER_SERVER_ISNT_AVAILABLE',
  'ER_SERVER_OFFLINE_MODE',
  'ER_UNKNOWN_COM_ERROR',
]);

/**
 * The server does not know this account, or the account lacks rights. At a start the settings are
 * wrong.
 */
const DENIED = new Set([
  'ER_ACCESS_DENIED_CHANGE_USER_ERROR',
  'ER_ACCESS_DENIED_ERROR',
  'ER_ACCOUNT_HAS_BEEN_LOCKED',
  'ER_BAD_DB_ERROR',
  'ER_COLUMNACCESS_DENIED_ERROR',
  'ER_DBACCESS_DENIED_ERROR',
  'ER_HOST_IS_BLOCKED',
  'ER_HOST_NOT_PRIVILEGED',
  'ER_MUST_CHANGE_PASSWORD',
  'ER_MUST_CHANGE_PASSWORD_LOGIN',
  'ER_SECURE_TRANSPORT_REQUIRED',
  'ER_SPECIFIC_ACCESS_DENIED_ERROR',
  'ER_TABLEACCESS_DENIED_ERROR',
]);

/** Errors of MariaDB that mysql2 does not name, or names as errors of MySQL. */
const MARIADB_NAMES: Readonly<Record<number, string>> = {
  1927: 'ER_CONNECTION_KILLED',
  1969: 'ER_STATEMENT_TIMEOUT',
  4151: 'ER_ACCOUNT_HAS_BEEN_LOCKED',
};

/**
 * Translates an error of Sequelize to the failures that the ports promise. Other errors stay the
 * same.
 */
export function translateSqlError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = codeOf(error);
  if (CONFLICTS.has(code)) {
    return new ConcurrentUpdateError(error.message, { cause: error });
  }
  if (TIMEOUTS.has(code)) return new ResourceBusyError(error.message, { cause: error });
  const isOutage = OUTAGES.has(code) || READ_ONLY.has(code) || DENIED.has(code);
  if (error instanceof ConnectionError || isOutage || isClosedConnection(error)) {
    return new DependencyUnavailableError('database', error);
  }
  return error;
}

/**
 * Whether the server itself refused. Another server may have this address by now, or the account
 * may be valid again, but only a new connection can find that out.
 */
export function isRefusedByServer(error: unknown): boolean {
  const code = error instanceof Error ? codeOf(error) : '';
  return READ_ONLY.has(code) || DENIED.has(code);
}

/** Whether a start must not wait for the database, because its settings are wrong. */
export function isDenied(error: unknown): boolean {
  const cause = error instanceof DependencyUnavailableError ? error.cause : error;
  return cause instanceof Error && DENIED.has(codeOf(cause));
}

/** Whether a unique index refused the row. `column` limits this to the index on that column. */
export function isDuplicate(error: unknown, column?: string): boolean {
  if (!(error instanceof UniqueConstraintError)) return isRawDuplicate(error, column);
  if (column === undefined) return true;
  const named = (item: ValidationErrorItem) => item.path?.includes(column);
  return error.errors.some(named) || Object.keys(error.fields).some((f) => f.includes(column));
}

/**
 * The same for an error of a driver, whose text is the only place that names the index or the
 * columns.
 */
function isRawDuplicate(error: unknown, column = ''): boolean {
  if (!(error instanceof Error)) return false;
  const index =
    codeOf(error) === 'ER_DUP_ENTRY'
      ? / for key '([^']*)'$/.exec(error.message)?.[1]
      : /^SQLITE_CONSTRAINT: UNIQUE constraint failed: (.*)$/.exec(error.message)?.[1];
  return index?.includes(column) ?? false;
}

/** The error code of the driver; empty if there is none. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const original = originalOf(error);
  const number = 'errno' in original ? Number(original.errno) : 0;
  const named = MARIADB_NAMES[number];
  if (named) return named;
  return 'code' in original && typeof original.code === 'string' ? original.code : '';
}

/** mysql2 gives no code for a command on a closed connection, only this text. */
function isClosedConnection(error: Error): boolean {
  return originalOf(error).message.includes('in closed state');
}

function originalOf(error: Error): Error {
  const inside = error instanceof BaseError && 'original' in error ? error.original : error;
  return inside instanceof Error ? inside : error;
}
