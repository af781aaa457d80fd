import { DependencyUnavailableError } from './failures.js';

/**
 * Caches the answers of reads for all instances. No instance returns an answer that was replaced
 * longer ago than the staleness bound (docs/decisions/0008).
 *
 * The cache keeps text, which is serialised once. A resource, such as `product:{id}`, is what a
 * write changes. An entry shows one resource, and then has its name as the key, or several.
 */
export abstract class CachePort {
  /**
   * Returns the entry from the cache. Otherwise it calls `load`, and keeps the result where that is
   * safe. Readers of one key share a load in a process, and where possible across instances.
   *
   * Returns a value instead of a promise where this process has the entry.
   *
   * @throws the error of `load`; a cache that is down is a miss, not an error
   */
  abstract read(entry: CacheEntry, load: Load): Cached | Promise<Cached>;

  /**
   * Returns the entry if `read` would return it from the memory of this process (`l1`). Otherwise
   * it returns undefined, loads nothing and counts no read.
   */
  readLocal(_entry: CacheEntry): Cached | undefined {
    return undefined;
  }

  /**
   * Whether a write in any instance may have returned this number; true also where this cannot be
   * found out.
   */
  mayExist(_number: number): Promise<boolean> {
    return Promise.resolve(true);
  }

  /**
   * Removes every entry that shows these resources from all caches, and keeps new ones out until
   * the write intent ends. Only the unit of work calls this, so a write ends its intent unless its
   * process dies.
   *
   * @throws DependencyUnavailableError other instances may still return what the write replaces
   */
  abstract beginWrite(resources: readonly string[]): Promise<WriteIntent>;

  /**
   * The number of the latest invalidation of all instances.
   *
   * @throws DependencyUnavailableError
   */
  abstract latest(): Promise<number>;
}

/** What a reader asks for. */
export interface CacheEntry {
  /** Unique to the answer; where it shows one resource, the name of that resource. */
  readonly key: string;
  /** True when it shows several resources, which its load names. */
  readonly composed?: boolean;
  /** Longest life in milliseconds, counted from before the load, if not that of the cache. */
  readonly ttlMs?: number | undefined;
  /** Milliseconds after its life in which it is still returned, while it is loaded again. */
  readonly staleMs?: number | undefined;
  /**
   * Number of an invalidation that the answer must reflect, such as that of the reader's own write.
   */
  readonly atLeast?: number | undefined;
}

/**
 * Reads the requested resource from the database. The entry is an argument, so one function serves
 * many entries. Undefined: there is no such thing.
 */
export type Load = (entry: CacheEntry) => Promise<Loaded | undefined>;

export interface Loaded {
  readonly text: string;
  /** For composed entries: every resource that the text shows. */
  readonly resources?: readonly string[];
  /** False: the text is right, but not worth keeping. */
  readonly isKept?: boolean;
}

/**
 * Where an answer came from: the memory of this process (`l1`), Redis (`l2`), or the database. An
 * answer from the database was kept (`stored`), not kept (`miss`), or could not be kept (`bypass`):
 * a write is under way, or the cache is not in sync.
 */
export type CacheSource = 'l1' | 'l2' | 'stored' | 'miss' | 'bypass';

export interface Cached {
  /** Undefined: there is no such thing. */
  readonly text: string | undefined;
  readonly source: CacheSource;
}

/** A write under way. It keeps its resources out of the cache. */
export interface WriteIntent {
  /** Number of the invalidation at its begin; rises over all instances. */
  readonly number: number;
  /**
   * @throws WriteIntentExpiredError the intent may expire before a commit that is sent now is done
   */
  assertValid(): void;
  /**
   * The write is over, committed or not. `entries` are kept where no other write came between.
   * Resolves with the number of the invalidation at its end.
   *
   * Call it once, and never where it is not known whether the write was committed: the intent then
   * expires by itself.
   *
   * @throws DependencyUnavailableError the intent expires by itself, later
   */
  end(entries?: readonly WrittenThrough[]): Promise<number>;
}

/** A new value that a write leaves in the cache (write-through). */
export interface WrittenThrough {
  /** Name of the one resource that it shows. */
  readonly key: string;
  readonly text: string;
}

/** The transaction took so long that its write intent may expire before the commit is done. */
export class WriteIntentExpiredError extends DependencyUnavailableError {
  override readonly name = 'WriteIntentExpiredError';
}
