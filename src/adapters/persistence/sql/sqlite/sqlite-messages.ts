/** What a connection and its thread tell each other. */
export interface SqliteWorkerData {
  readonly file: string;
  /** Longest wait for another writer of the file, in milliseconds. */
  readonly busyMs: number;
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
