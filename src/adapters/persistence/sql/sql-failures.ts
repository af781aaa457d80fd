import {
  BaseError,
  ConnectionError,
  DatabaseError,
  UniqueConstraintError,
  type ValidationErrorItem,
} from 'sequelize';
import {
  ConcurrentUpdateError,
  DependencyUnavailableError,
} from '../../../domain/ports/failures.js';

/** The database broke a deadlock, gave up waiting for a row, or another process was writing. */
const CONFLICTS = new Set([
  'ER_LOCK_DEADLOCK',
  'ER_LOCK_WAIT_TIMEOUT',
  'ER_CHECKREAD',
  'SQLITE_BUSY',
]);

/** The server is gone, going, or cannot write; codes of mysql2, libuv and SQLite. */
const OUTAGES = new Set([
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'ER_SERVER_SHUTDOWN',
  'ER_CON_COUNT_ERROR',
  'ER_CONNECTION_KILLED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'SQLITE_CANTOPEN',
  'SQLITE_FULL',
  'SQLITE_IOERR',
  'SQLITE_READONLY',
]);

/** Turns what Sequelize throws into the failures the ports promise; others pass unchanged. */
export function translateSqlError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = codeOf(error);
  if (CONFLICTS.has(code)) {
    return new ConcurrentUpdateError(error.message, { cause: error });
  }
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

function codeOf(error: Error): string {
  const original = error instanceof DatabaseError ? error.original : error;
  return 'code' in original && typeof original.code === 'string' ? original.code : '';
}

/** mysql2 gives a command on a connection that died no code, only this text. */
function isClosedConnection(error: Error): boolean {
  const inside = error instanceof BaseError && 'original' in error ? error.original : error;
  return inside instanceof Error && inside.message.includes('in closed state');
}
