import { ConcurrentUpdateError } from '../../../domain/ports/failures.js';
import type { Replacement } from '../../../domain/ports/replacement.js';

interface Versioned {
  readonly version: number;
}

/**
 * The rows of one table that the members of a batch have read or changed. A member sees the changes
 * of the members before it; the database gets the last state of each row.
 */
export class BufferedRows<State extends Versioned, Row extends { readonly state: State }> {
  /** The newest state of each row; undefined for a row that does not exist. */
  readonly #rows = new Map<string, Row | undefined>();
  /** The versions of the changed rows as they are in the database. */
  readonly #readVersions = new Map<string, number>();

  constructor(
    private readonly name: string,
    private readonly keyOf: (state: State) => string,
    private readonly restore: (state: State) => Row,
    /** Receives a function that undoes a change. */
    private readonly changed: (undo: () => void) => void,
  ) {}

  get isChanged(): boolean {
    return this.#readVersions.size > 0;
  }

  /** What the database must write. */
  get replacements(): readonly Replacement<State>[] {
    return [...this.#readVersions].flatMap(([key, readVersion]) => {
      const row = this.#rows.get(key);
      return row ? [{ state: row.state, readVersion }] : [];
    });
  }

  /** Reads by `find` the rows that were not read yet. A key that `find` leaves out has no row. */
  async read(
    keys: readonly string[],
    find: (unknown: readonly string[]) => Promise<readonly Row[]>,
  ): Promise<void> {
    const unknown = [...new Set(keys)].filter((key) => !this.#rows.has(key));
    if (unknown.length === 0) return;
    const found = new Map((await find(unknown)).map((row) => [this.keyOf(row.state), row]));
    for (const key of unknown) this.learn(key, found.get(key));
  }

  /** Undefined when the row does not exist, or was not read. */
  get(key: string): Row | undefined {
    return this.#rows.get(key);
  }

  /** Keeps a row as it was read, unless a member has read it before. */
  learn(key: string, row: Row | undefined): void {
    if (!this.#rows.has(key)) this.#rows.set(key, row);
  }

  /**
   * @returns the row with its new version
   * @throws ConcurrentUpdateError the row was changed since it was read
   */
  put({ state }: Row): Row {
    const key = this.keyOf(state);
    const before = this.#rows.get(key);
    const readVersion = this.#readVersions.get(key);
    if (before && before.state.version !== state.version) {
      throw new ConcurrentUpdateError(`${this.name} ${key} has changed`);
    }
    const saved = this.restore({ ...state, version: state.version + 1 });
    const isKnown = this.#rows.has(key);
    this.#rows.set(key, saved);
    this.#readVersions.set(key, readVersion ?? state.version);
    this.changed(() => {
      if (isKnown) this.#rows.set(key, before);
      else this.#rows.delete(key);
      if (readVersion === undefined) this.#readVersions.delete(key);
      else this.#readVersions.set(key, readVersion);
    });
    return saved;
  }
}
