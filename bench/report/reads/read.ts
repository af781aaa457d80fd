/** How a read is answered by the service, in the field's terms. */
export interface Decision {
  readonly cached: boolean;
  readonly strategy: string;
  readonly why: string;
}

/** One read of the service and what it costs the database where nothing is cached. */
export interface Read extends Decision {
  readonly name: string;
  /** Asks as the service does. */
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
  /** Of indexes, tables and temporary tables, by the server's own count. */
  readonly rowsRead: number;
  /** Median time of all its statements, one after the other. */
  readonly ms: number;
}
