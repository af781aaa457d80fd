/** The thread of one SQLite connection: opens the file, then runs a statement for each message. */
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { workerData } from 'node:worker_threads';
import type {
  SqliteFailure,
  SqliteReply,
  SqliteRequest,
  SqliteWorkerData,
} from './sqlite-messages.js';

/** The primary result codes, https://www.sqlite.org/rescode.html, by their number. */
const RESULT_CODES = [
  'SQLITE_OK',
  'SQLITE_ERROR',
  'SQLITE_INTERNAL',
  'SQLITE_PERM',
  'SQLITE_ABORT',
  'SQLITE_BUSY',
  'SQLITE_LOCKED',
  'SQLITE_NOMEM',
  'SQLITE_READONLY',
  'SQLITE_INTERRUPT',
  'SQLITE_IOERR',
  'SQLITE_CORRUPT',
  'SQLITE_NOTFOUND',
  'SQLITE_FULL',
  'SQLITE_CANTOPEN',
  'SQLITE_PROTOCOL',
  'SQLITE_EMPTY',
  'SQLITE_SCHEMA',
  'SQLITE_TOOBIG',
  'SQLITE_CONSTRAINT',
  'SQLITE_MISMATCH',
  'SQLITE_MISUSE',
  'SQLITE_NOLFS',
  'SQLITE_AUTH',
  'SQLITE_FORMAT',
  'SQLITE_RANGE',
  'SQLITE_NOTADB',
];

/** An extended result code keeps its primary code in the lowest eight bits. */
const PRIMARY = 0xff;

const { file, busyMs, isTemporary, port } = workerData as SqliteWorkerData;
let database: DatabaseSync | undefined;

port.on('message', (request: SqliteRequest) => port.postMessage(replyTo(request)));

function replyTo(request: SqliteRequest): SqliteReply {
  try {
    database ??= openFile();
    return request.sql === undefined ? release(database) : run(database, request);
  } catch (error) {
    return { failure: failureOf(error) };
  }
}

function openFile(): DatabaseSync {
  const opened = new DatabaseSync(file, { timeout: busyMs });
  if (isTemporary) opened.exec('PRAGMA synchronous = OFF');
  return opened;
}

function run(open: DatabaseSync, { sql = '', values, isRead }: SqliteRequest): SqliteReply {
  const statement = open.prepare(sql);
  const parameters = Array.isArray(values)
    ? values.map(toSqlite)
    : [Object.fromEntries(Object.entries(values ?? {}).map(([key, v]) => [key, toSqlite(v)]))];
  if (isRead) return { rows: statement.all(...(parameters as SQLInputValue[])), changes: 0 };
  const { changes, lastInsertRowid } = statement.run(...(parameters as SQLInputValue[]));
  return { rows: [], changes: Number(changes), lastId: Number(lastInsertRowid) };
}

/** Prepares the connection for its next user. */
function release(open: DatabaseSync): SqliteReply {
  if (open.isTransaction) open.exec('ROLLBACK');
  return { rows: [], changes: 0 };
}

/** SQLite has no booleans and no `undefined`. */
function toSqlite(value: unknown): unknown {
  if (typeof value === 'boolean') return Number(value);
  return value ?? null;
}

function failureOf(error: unknown): SqliteFailure {
  const { message, errcode } = error as Error & { readonly errcode?: number };
  const code = errcode === undefined ? undefined : RESULT_CODES[errcode & PRIMARY];
  return { message: code ? `${code}: ${message}` : message, code };
}
