import { LRUCache } from 'lru-cache';
import type { Instant } from '../../timeouts/instant.js';
import type { Cached } from '../cache.js';

/** An entry in the memory of this process. */
export class LocalEntry {
  /** When it expires, on each clock. */
  readonly endMonotonicMs: number;
  readonly endWallMs: number;
  /** When a use was last recorded, in milliseconds of the monotonic clock. */
  usedMs = Number.NEGATIVE_INFINITY;

  constructor(
    readonly hit: Cached,
    /** Every resource it shows. */
    readonly resources: readonly string[],
    from: Instant,
    ttlMs: number,
  ) {
    this.endMonotonicMs = from.monotonicMs + ttlMs;
    this.endWallMs = from.wallMs + ttlMs;
  }

  /** Whether it expired at least `graceMs` ago, by either clock. */
  hasExpired(now: Instant, graceMs = 0): boolean {
    return (
      now.monotonicMs >= this.endMonotonicMs + graceMs || now.wallMs >= this.endWallMs + graceMs
    );
  }
}

export interface LocalBounds {
  readonly maxEntries: number;
  /** Bytes of keys and texts together in memory. */
  readonly maxBytes: number;
}

/** A use is recorded at most this often, in milliseconds: more would not improve the LRU order. */
const RECORDED_EVERY_MS = 100;

/** Bytes of an entry in addition to its text and key, measured with a million entries. */
const OVERHEAD = 480;

/**
 * The entries of one process, with an index by resource. The least recently used is evicted first.
 */
export class LocalEntries {
  readonly #entries: LRUCache<string, LocalEntry>;
  /** The same entries, for reads that record no use. */
  readonly #byKey = new Map<string, LocalEntry>();
  /** Keys of the composed entries that show a resource. */
  readonly #showing = new Map<string, Set<string>>();

  constructor(
    private readonly bounds: LocalBounds,
    evicted: () => void = () => {},
  ) {
    this.#entries = new LRUCache({
      // With a `max` it allocates its whole index at once, so `set` bounds the number.
      maxSize: bounds.maxBytes,
      sizeCalculation: sizeOf,
      dispose: (entry, key, reason) => {
        this.#forget(entry, key);
        if (reason === 'evict') evicted();
      },
    });
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Bytes taken by the count of `sizeOf`. */
  get bytes(): number {
    return this.#entries.calculatedSize;
  }

  get(key: string, { monotonicMs }: Instant): LocalEntry | undefined {
    const found = this.#byKey.get(key);
    if (found !== undefined && monotonicMs - found.usedMs >= RECORDED_EVERY_MS) {
      found.usedMs = monotonicMs;
      this.#entries.get(key);
    }
    return found;
  }

  set(key: string, entry: LocalEntry): void {
    this.#entries.set(key, entry);
    // It is too large for the cache, and was not kept.
    if (this.#entries.peek(key) !== entry) return;
    this.#byKey.set(key, entry);
    this.#show(key, entry);
    if (this.#entries.size > this.bounds.maxEntries) this.#entries.pop();
  }

  #show(key: string, entry: LocalEntry): void {
    if (isSimple(key, entry)) return;
    for (const resource of entry.resources) {
      const keys = this.#showing.get(resource);
      if (keys) keys.add(key);
      else this.#showing.set(resource, new Set([key]));
    }
  }

  /** Drops every entry that shows the resource. */
  drop(resource: string): void {
    // @plant expired-outlives-write
    this.#entries.delete(resource);
    for (const key of [...(this.#showing.get(resource) ?? [])]) this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }

  #forget(entry: LocalEntry, key: string): void {
    if (this.#byKey.get(key) === entry) this.#byKey.delete(key);
    if (isSimple(key, entry)) return;
    for (const resource of entry.resources) {
      const keys = this.#showing.get(resource);
      keys?.delete(key);
      if (keys?.size === 0) this.#showing.delete(resource);
    }
  }
}

function isSimple(key: string, { resources }: LocalEntry): boolean {
  return resources.length === 1 && resources[0] === key;
}

/** V8 uses two bytes for each character of a text when one character is beyond Latin-1. */
function sizeOf(entry: LocalEntry, key: string): number {
  const named = entry.resources.reduce((sum, resource) => sum + resource.length + 100, 0);
  return OVERHEAD + 2 * (key.length + (entry.hit.text?.length ?? 0)) + named;
}
