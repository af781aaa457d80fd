import { hasPassed, type Instant } from '../../timeouts/instant.js';
import type { Cached } from '../cache.js';

/** One load under way, which several readers may share, and what was invalidated since it began. */
export class SharedLoad {
  /** The result for every reader that shares it. */
  readonly result: Promise<Cached>;
  resolve!: (answer: Cached) => void;
  reject!: (error: unknown) => void;
  /** Undefined: nothing yet, as in most loads. */
  #invalidated: Set<string> | undefined;
  #allInvalidated = false;

  constructor(
    readonly key: string,
    readonly composed: boolean,
    readonly began: Instant,
    /** Number of the latest invalidation that this process had applied when it began. */
    readonly position: number,
  ) {
    this.result = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  /** Whether its text may show the state before an invalidation of these resources. */
  isStale(resources: readonly string[]): boolean {
    if (this.#allInvalidated) return true;
    const invalidated = this.#invalidated;
    return invalidated !== undefined && resources.some((resource) => invalidated.has(resource));
  }

  markStale(resource: string): void {
    this.#invalidated ??= new Set();
    // @plant stale-load-kept
    this.#invalidated.add(resource);
  }

  markAllStale(): void {
    this.#allInvalidated = true;
  }
}

/** The loads under way in this process: one a key, unless an invalidation came since it began. */
export class SharedLoads {
  readonly #open = new Map<string, SharedLoad>();
  /** Loads that no further reader may share. */
  readonly #closed = new Set<SharedLoad>();

  /**
   * The load of the key that a reader may share: it began less than `maxAgeMs` ago, and after the
   * invalidation `atLeast`.
   */
  find(key: string, now: Instant, maxAgeMs: number, atLeast: number): SharedLoad | undefined {
    const open = this.#open.get(key);
    if (!open || open.position < atLeast || hasPassed(maxAgeMs, open.began, now)) return undefined;
    return open;
  }

  /** Later readers of the key find this load. */
  begin(shared: SharedLoad): void {
    const replaced = this.#open.get(shared.key);
    if (replaced) this.#closed.add(replaced);
    // @plant every-reader-loads
    this.#open.set(shared.key, shared);
  }

  end(shared: SharedLoad, answer: Cached): void {
    this.#forget(shared);
    shared.resolve(answer);
  }

  fail(shared: SharedLoad, error: unknown): void {
    this.#forget(shared);
    shared.reject(error);
  }

  /** Ends the shared as `load` ends. */
  follow(shared: SharedLoad, load: Promise<Cached>): void {
    load.then(
      (answer) => this.end(shared, answer),
      (error: unknown) => this.fail(shared, error),
    );
  }

  /** No further reader shares it. */
  close(shared: SharedLoad): void {
    if (this.#open.get(shared.key) !== shared) return;
    this.#open.delete(shared.key);
    this.#closed.add(shared);
  }

  /** No further reader shares a load that may have read the resource before now. */
  invalidate(resource: string): void {
    for (const shared of this.#closed) shared.markStale(resource);
    for (const shared of this.#open.values()) {
      shared.markStale(resource);
      // The resources of a composed load are known only at its end.
      if (shared.composed || shared.key === resource) this.close(shared);
    }
  }

  invalidateAll(): void {
    for (const shared of this.#closed) shared.markAllStale();
    for (const shared of this.#open.values()) {
      shared.markAllStale();
      this.close(shared);
    }
  }

  #forget(shared: SharedLoad): void {
    if (this.#open.get(shared.key) === shared) this.#open.delete(shared.key);
    else this.#closed.delete(shared);
  }
}
