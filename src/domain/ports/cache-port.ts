import { DependencyUnavailableError } from './failures.js';

/**
 * Answers of reads, kept so that every instance may give them and none gives one that was
 * replaced longer ago than the staleness bound (see docs/decisions/0008).
 *
 * What is kept is text, serialised once. A resource, as in `product:{id}`, is what a write
 * changes; an entry shows one resource, whose name is then its key, or several.
 */
export abstract class CachePort {
  /**
   * Answers from the cache, or loads and keeps what was loaded where that is safe. Readers of one
   * key share a load in a process, and where possible across instances.
   *
   * A value, no promise, where the process itself has the answer.
   *
   * @throws whatever `load` throws; a cache that is down is no failure, only a miss
   */
  abstract read(entry: CacheEntry, load: Load): Cached | Promise<Cached>;

  /**
   * The answer that `read` would give from the memory of this process (`l1`). Undefined: there is
   * none; then nothing is loaded and no read is counted.
   */
  readLocal(_entry: CacheEntry): Cached | undefined {
    return undefined;
  }

  /**
   * Whether a write may have been answered with this number, in any instance; true also while
   * nobody can tell.
   */
  mayExist(_number: number): Promise<boolean> {
    return Promise.resolve(true);
  }

  /**
   * Takes what shows these resources out of every cache, and keeps it out until the write
   * intent is ended. The unit of work calls it, so every write has ended its intent or died.
   *
   * @throws DependencyUnavailableError other instances may go on serving what is to be changed
   */
  abstract beginWrite(resources: readonly string[]): Promise<WriteIntent>;

  /**
   * The number of the latest invalidation there is, in all instances.
   *
   * @throws DependencyUnavailableError
   */
  abstract latest(): Promise<number>;
}

/** What a reader asks for. */
export interface CacheEntry {
  /** Unique to the answer; the very name of the resource where it shows one. */
  readonly key: string;
  /** Whether it shows several resources, which its load names; else its key is the resource. */
  readonly composed?: boolean;
  /** Longest life in milliseconds, from before the load, where it differs from the cache's own. */
  readonly ttlMs?: number | undefined;
  /** Milliseconds after its life for which it is still answered, while it is loaded again. */
  readonly staleMs?: number | undefined;
  /** Number of an invalidation that the answer must have seen: that of the reader's own write. */
  readonly atLeast?: number | undefined;
}

/**
 * Reads the requested resource from the database; the name is an argument, so one function serves many entries.
 * Undefined: there is no such thing.
 */
export type Load = (entry: CacheEntry) => Promise<Loaded | undefined>;

export interface Loaded {
  readonly text: string;
  /** For composed entries: every resource shown. */
  readonly resources?: readonly string[];
  /** False: it is right, and not worth keeping. */
  readonly isKept?: boolean;
}

/**
 * Where an answer came from: this process (`l1`), the shared cache (`l2`), or the database, and then
 * whether it was kept (`stored`), not kept (`miss`), or could not be, as a write is under way or
 * the cache is not proven to be in sync (`bypass`).
 */
export type CacheSource = 'l1' | 'l2' | 'stored' | 'miss' | 'bypass';

export interface Cached {
  /** Undefined: there is no such thing. */
  readonly text: string | undefined;
  readonly source: CacheSource;
}

/** Resources that a write keeps out of the cache. */
export interface WriteIntent {
  /** Of the invalidation that the write intent began with; rises over all instances. */
  readonly number: number;
  /** @throws WriteIntentExpiredError it may end before a commit that is sent now has landed */
  assertValid(): void;
  /**
   * The write is over, committed or not; `entries` are kept where no other write came between.
   * Answers the number of the invalidation it ends with. Call it once, and not at all when it is
   * not known whether the write was committed: the write intent then ends by itself.
   *
   * @throws DependencyUnavailableError the write intent ends by itself, later
   */
  end(entries?: readonly WrittenThrough[]): Promise<number>;
}

/** A new value that a write leaves in the cache (write-through). */
export interface WrittenThrough {
  /** Name of the one resource it shows. */
  readonly key: string;
  readonly text: string;
}

/** The transaction took so long that its write intent may end before the commit lands. */
export class WriteIntentExpiredError extends DependencyUnavailableError {
  override readonly name = 'WriteIntentExpiredError';
}
