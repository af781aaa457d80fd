/** One statement for MySQL, MariaDB and SQLite, or one statement per dialect, if the dialect needs any. */
export type Statement = string | { readonly mysql?: string; readonly sqlite?: string };

/** One step of the schema's history. A step that has been released is never edited. */
export interface Migration {
  /** Sorts behind the names of all earlier steps. */
  readonly name: string;
  /**
   * Whether a step that died half way can be run again: then every statement is one that changes
   * nothing the second time, or that the database refuses as done.
   */
  readonly isRepeatable?: boolean;
  readonly statements: readonly Statement[];
}
