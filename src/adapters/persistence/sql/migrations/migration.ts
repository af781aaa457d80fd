/** One step of the schema's history. A step that has been released is never edited. */
export interface Migration {
  /** Sorts behind the names of all earlier steps. */
  readonly name: string;
  /** Statements that MySQL, MariaDB and SQLite all understand. */
  readonly statements: readonly string[];
}
