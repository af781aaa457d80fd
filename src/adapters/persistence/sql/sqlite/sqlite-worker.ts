/** The thread of one SQLite connection: opens the file, then runs the statements of each message. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { workerData } from 'node:worker_threads';
import { LRUCache } from 'lru-cache';
import type {
  SqliteFailure,
  SqliteReply,
  SqliteRequest,
  SqliteResult,
  SqliteStatement,
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

/** More than the statements of this project that are kept prepared. */
const MAX_PREPARED = 300;

const { file, busyMs, isTemporary, port } = workerData as SqliteWorkerData;
const prepared = new LRUCache<string, StatementSync>({ max: MAX_PREPARED });
let database: DatabaseSync | undefined;

port.on('message', (request: SqliteRequest) => port.postMessage(replyTo(request)));

function replyTo({ statements, isReset }: SqliteRequest): SqliteReply {
  const results: SqliteResult[] = [];
  const reply = (failure?: SqliteFailure) => ({
    results,
    isInTransaction: database?.isTransaction ?? false,
    ...(failure && { failure }),
  });
  try {
    database ??= openFile();
    if (isReset && database.isTransaction) database.exec('ROLLBACK');
    for (const statement of statements) results.push(run(database, statement));
    return reply();
  } catch (error) {
    return reply(failureOf(error));
  }
}

function openFile(): DatabaseSync {
  mkdirSync(path.dirname(file), { recursive: true });
  const opened = new DatabaseSync(file, { timeout: busyMs, enableForeignKeyConstraints: true });
  if (isTemporary) opened.exec('PRAGMA synchronous = OFF');
  return opened;
}

function run(open: DatabaseSync, statement: SqliteStatement): SqliteResult {
  const { sql, values, isRead } = statement;
  // A transaction whose begin failed never began, and SQLite ends one by itself when its disk is full.
  if (sql === 'ROLLBACK' && !open.isTransaction) return { rows: [], changes: 0 };
  const parameters = Array.isArray(values)
    ? values.map(toSqlite)
    : [Object.fromEntries(Object.entries(values ?? {}).map(([key, v]) => [key, toSqlite(v)]))];
  const ready = prepare(open, statement);
  if (isRead) return { rows: ready.all(...(parameters as SQLInputValue[])), changes: 0 };
  const { changes, lastInsertRowid } = ready.run(...(parameters as SQLInputValue[]));
  return { rows: [], changes: Number(changes), lastId: Number(lastInsertRowid) };
}

function prepare(open: DatabaseSync, { sql, isPrepared }: SqliteStatement): StatementSync {
  const ready = prepared.get(sql) ?? open.prepare(sql);
  if (isPrepared) prepared.set(sql, ready);
  return ready;
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
