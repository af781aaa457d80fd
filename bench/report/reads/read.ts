/** Whether and how the service caches a read, and why. */
export interface Decision {
  readonly cached: boolean;
  readonly strategy: string;
  readonly why: string;
}

/** One read of the service. */
export interface Read extends Decision {
  readonly name: string;
  /** Sends the queries that the service sends for this read. */
  ask(): Promise<unknown>;
}

export interface Explained {
  readonly table: string;
  readonly type: string;
  readonly key: string;
  readonly rows: string;
  readonly extra: string;
}

export interface MeasuredStatement {
  readonly sql: string;
  readonly explained: readonly Explained[];
}

export interface MeasuredRead extends Decision {
  readonly name: string;
  readonly lines: number;
  readonly statements: readonly MeasuredStatement[];
  /** Rows that the server counts as read from indexes, tables and temporary tables. */
  readonly rowsRead: number;
  /** The median time of all statements together, which run one after the other. */
  readonly ms: number;
}
