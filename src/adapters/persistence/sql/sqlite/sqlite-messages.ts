/** Messages between a connection and its thread. */
import type { MessagePort } from 'node:worker_threads';

export interface SqliteSettings {
  /** Path of the database file; its folder is made when missing. */
  readonly file: string;
  /** Longest wait for another process's write, in milliseconds. */
  readonly busyMs: number;
}

export interface SqliteWorkerData extends SqliteSettings {
  readonly port: MessagePort;
}

export interface SqliteRequest {
  /** Absent: only open the file, and roll back what is still open on it. */
  readonly sql?: string;
  /** By position, or by name with its `$`. */
  readonly values?: SqliteValues;
  /** Whether the rows are asked for, else the number of changes. */
  readonly isRead?: boolean;
}

export type SqliteValues = readonly unknown[] | Readonly<Record<string, unknown>>;

export interface SqliteResult {
  readonly rows: readonly object[];
  readonly changes: number;
  readonly lastId?: number;
}

export interface SqliteFailure {
  readonly message: string;
  /** A primary result code such as SQLITE_BUSY; absent when SQLite did not fail itself. */
  readonly code: string | undefined;
}

export type SqliteReply = SqliteResult | { readonly failure: SqliteFailure };
