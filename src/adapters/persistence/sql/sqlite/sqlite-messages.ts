/** Messages between a connection and its thread. */
import type { MessagePort } from 'node:worker_threads';

export interface SqliteSettings {
  /** Path of the database file. Its folder is created when it is missing. */
  readonly file: string;
  /** Longest wait for another process's write, in milliseconds. */
  readonly busyMs: number;
  /** Whether the file is removed after its use, so that no commit waits for the disk. */
  readonly isTemporary?: boolean;
}

export interface SqliteWorkerData extends SqliteSettings {
  readonly port: MessagePort;
}

export interface SqliteStatement {
  readonly sql: string;
  /** By position, or by name with the `$`. */
  readonly values?: SqliteValues;
  /** True: the rows are returned. False: the number of changes. */
  readonly isRead?: boolean;
  /** Whether it comes often, so that the thread keeps it prepared. */
  readonly isPrepared?: boolean;
}

/** Statements run in their order, until one fails. */
export interface SqliteRequest {
  readonly statements: readonly SqliteStatement[];
  /** Whether an open transaction is rolled back first, because the connection has a new user. */
  readonly isReset?: boolean;
}

export type SqliteValues = readonly unknown[] | Readonly<Record<string, unknown>>;

export interface SqliteResult {
  readonly rows: readonly object[];
  readonly changes: number;
  readonly lastId?: number;
}

export interface SqliteFailure {
  readonly message: string;
  /** A primary result code such as SQLITE_BUSY; undefined for an error that is not from SQLite. */
  readonly code: string | undefined;
}

export interface SqliteReply {
  /** Of the statements before the one that failed. */
  readonly results: readonly SqliteResult[];
  readonly failure?: SqliteFailure;
  /** Whether a transaction is open after it. */
  readonly isInTransaction: boolean;
}
