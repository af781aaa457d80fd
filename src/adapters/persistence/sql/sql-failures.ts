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

/** The database broke a deadlock or found the row changed: at once, so trying again makes sense. */
const CONFLICTS = new Set(['ER_LOCK_DEADLOCK', 'ER_CHECKREAD']);

/** It was waited for long enough already. */
const TIMEOUTS = new Set(['ER_LOCK_WAIT_TIMEOUT', 'SQLITE_BUSY']);

/** The server is gone, going, or cannot write; codes of mysql2, libuv and SQLite. */
const OUTAGES = new Set([
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'ER_SERVER_SHUTDOWN',
  'ER_CON_COUNT_ERROR',
  'ER_CONNECTION_KILLED',
  'ER_DISK_FULL',
  'ER_OPTION_PREVENTS_STATEMENT',
  'ER_QUERY_INTERRUPTED',
  'ER_RECORD_FILE_FULL',
  'ER_TOO_MANY_USER_CONNECTIONS',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'SQLITE_CANTOPEN',
  'SQLITE_FULL',
  'SQLITE_IOERR',
  'SQLITE_READONLY',
]);

/** Wrong settings: waiting does not make them right. */
const MISTAKES = new Set(['ER_ACCESS_DENIED_ERROR', 'ER_BAD_DB_ERROR', 'ER_DBACCESS_DENIED_ERROR']);

/** Turns what Sequelize throws into the failures the ports promise; others pass unchanged. */
export function translateSqlError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = codeOf(error);
  if (CONFLICTS.has(code)) {
    return new ConcurrentUpdateError(error.message, { cause: error });
  }
  if (TIMEOUTS.has(code)) return new ResourceBusyError(error.message, { cause: error });
  if (MISTAKES.has(code)) return error;
  if (error instanceof ConnectionError || OUTAGES.has(code) || isClosedConnection(error)) {
    return new DependencyUnavailableError('database', error);
  }
  return error;
}

/** Whether a unique index refused the row; `column` narrows it to the index on that column. */
export function isDuplicate(error: unknown, column?: string): boolean {
  if (!(error instanceof UniqueConstraintError)) return false;
  if (column === undefined) return true;
  const named = (item: ValidationErrorItem) => item.path?.includes(column);
  return error.errors.some(named) || Object.keys(error.fields).some((f) => f.includes(column));
}

/** The driver's name for what went wrong; empty where there is none. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const inside = error instanceof BaseError && 'original' in error ? error.original : error;
  const original = inside instanceof Error ? inside : error;
  return 'code' in original && typeof original.code === 'string' ? original.code : '';
}

/** mysql2 gives a command on a connection that died no code, only this text. */
function isClosedConnection(error: Error): boolean {
  const inside = error instanceof BaseError && 'original' in error ? error.original : error;
  return inside instanceof Error && inside.message.includes('in closed state');
}
