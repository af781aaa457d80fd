/** One statement for MySQL, MariaDB and SQLite, or one statement per dialect, if the dialect needs any. */
export type Statement = string | { readonly mysql?: string; readonly sqlite?: string };

/** One step of the schema's history. A released step is never changed. */
export interface Migration {
  /** Sorts after the names of all earlier steps. */
  readonly name: string;
  /**
   * Whether a step that stopped half way can run again. Then a second run of each statement changes
   * nothing, or the database refuses it as done.
   */
  readonly isRepeatable?: boolean;
  /**
   * For a step that removes or renames something: the oldest released version that no longer uses it, such
   * as `0.3.0`. Instances of older versions must not run on this schema (docs/operations/upgrading.md).
   */
  readonly contracts?: string;
  readonly statements: readonly Statement[];
}
