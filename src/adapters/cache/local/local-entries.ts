import { LRUCache } from 'lru-cache';
import type { Cached } from '../../../domain/ports/cache-port.js';
import type { Moment } from '../cache-clock.js';

/** An answer this process has at hand. */
export class LocalEntry {
  /** When it expires, by either clock. */
  readonly endMonotonicMs: number;
  readonly endWallMs: number;
  /** When its use was last noted, in milliseconds of the monotonic clock. */
  usedMs = Number.NEGATIVE_INFINITY;

  constructor(
    readonly hit: Cached,
    /** Every resource it shows. */
    readonly resources: readonly string[],
    from: Moment,
    ttlMs: number,
  ) {
    this.endMonotonicMs = from.monotonicMs + ttlMs;
    this.endWallMs = from.wallMs + ttlMs;
  }

  /** By either clock; with `graceMs`, whether that time is over as well. */
  hasExpired(now: Moment, graceMs = 0): boolean {
    return (
      now.monotonicMs >= this.endMonotonicMs + graceMs || now.wallMs >= this.endWallMs + graceMs
    );
  }
}

export interface LocalBounds {
  readonly maxEntries: number;
  /** Of keys and texts together, as they lie in memory. */
  readonly maxBytes: number;
}

/** A use is noted this often, in milliseconds: more would tell the least recent no better. */
const NOTED_EVERY_MS = 100;

/** What an entry takes besides its text and key, in bytes: measured with a million of them. */
const OVERHEAD = 450;

/**
 * The answers of one process, least recently used out first, and by which resources each falls.
 */
export class LocalEntries {
  readonly #entries: LRUCache<string, LocalEntry>;
  /** The same ones, read without being noted as used. */
  readonly #byKey = new Map<string, LocalEntry>();
  /** Keys of the composed entries that show a resource. */
  readonly #showing = new Map<string, Set<string>>();

  constructor(bounds: LocalBounds, evicted: () => void = () => {}) {
    this.#entries = new LRUCache({
      // Room for all is taken at once, so no more is asked for than the bytes can fill.
      max: Math.max(1, Math.min(bounds.maxEntries, Math.floor(bounds.maxBytes / OVERHEAD))),
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

  /** Bytes taken, as far as they are counted. */
  get bytes(): number {
    return this.#entries.calculatedSize;
  }

  get(key: string, { monotonicMs }: Moment): LocalEntry | undefined {
    const found = this.#byKey.get(key);
    if (found !== undefined && monotonicMs - found.usedMs >= NOTED_EVERY_MS) {
      found.usedMs = monotonicMs;
      this.#entries.get(key);
    }
    return found;
  }

  set(key: string, entry: LocalEntry): void {
    this.#entries.set(key, entry);
    // Too large for the cache: not there.
    if (this.#entries.peek(key) !== entry) return;
    this.#byKey.set(key, entry);
    if (isSimple(key, entry)) return;
    for (const resource of entry.resources) {
      const keys = this.#showing.get(resource);
      if (keys) keys.add(key);
      else this.#showing.set(resource, new Set([key]));
    }
  }

  /** Drops every entry that shows the resource. */
  drop(resource: string): void {
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

/** V8 takes two bytes a character as soon as one is beyond Latin-1. */
function sizeOf(entry: LocalEntry, key: string): number {
  const named = entry.resources.reduce((sum, resource) => sum + resource.length + 100, 0);
  return OVERHEAD + 2 * (key.length + (entry.hit.text?.length ?? 0)) + named;
}
