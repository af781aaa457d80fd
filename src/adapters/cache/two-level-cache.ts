import {
  type Cached,
  type CacheEntry,
  CachePort,
  type Load,
  type WriteIntent,
} from '../../domain/ports/cache-port.js';
import type { CacheClock, Moment } from './cache-clock.js';
import type { CacheObserver } from './cache-observer.js';
import { type CacheSettings, defaultCacheSettings } from './cache-settings.js';
import { LocalEntries, LocalEntry } from './local/local-entries.js';
import type { RedisCache } from './redis-cache.js';

/**
 * Answers kept in the process (L1) in front of those in Redis (L2).
 *
 * The first level answers only while it is proven to be in step with the invalidations of all
 * instances; a message that is lost, late or overtaken makes it miss, never wrong.
 */
export class TwoLevelCache extends CachePort {
  readonly #clock: CacheClock;
  readonly #observer: CacheObserver;
  readonly #entries: LocalEntries;
  /** A moment at which this process was in step: many reads share one. */
  #inStepAt: Moment | undefined;

  constructor(
    private readonly shared: RedisCache,
    settings: Partial<CacheSettings> = {},
  ) {
    super();
    const chosen: CacheSettings = { ...defaultCacheSettings, ...settings };
    this.#clock = chosen.clock;
    this.#observer = chosen.observer;
    this.#entries = new LocalEntries(chosen, () => this.#observer.evicted());
    shared.serve({
      keep: ({ key, text, resources, from, leftMs }) =>
        this.#entries.set(key, new LocalEntry({ text, source: 'l1' }, resources, from, leftMs)),
      invalidate: (resources) => {
        for (const resource of resources) this.#entries.drop(resource);
      },
      invalidateAll: () => this.#entries.clear(),
    });
  }

  /** Answers in this process, and the bytes they take. */
  get size(): { readonly entries: number; readonly bytes: number } {
    return { entries: this.#entries.size, bytes: this.#entries.bytes };
  }

  override read(entry: CacheEntry, load: Load): Cached | Promise<Cached> {
    const now = this.#clock.now();
    const found = this.#entries.get(entry.key, now);
    if (found === undefined) return this.shared.read(entry, load);
    if (now !== this.#inStepAt) {
      if (!this.shared.isInStep(now)) return this.shared.read(entry, load);
      this.#inStepAt = now;
    }
    if (entry.atLeast !== undefined && entry.atLeast > this.shared.position) {
      return this.shared.read(entry, load);
    }
    if (now.monotonicMs < found.endMonotonicMs && now.wallMs < found.endWallMs) {
      this.#observer.read('l1');
      return found.hit;
    }
    return this.#stale(entry, found, now, load) ?? this.shared.read(entry, load);
  }

  override holdOff(resources: readonly string[]): Promise<WriteIntent> {
    return this.shared.holdOff(resources);
  }

  override mayExist(number: number): Promise<boolean> {
    return this.shared.mayExist(number);
  }

  override latest(): Promise<number> {
    return this.shared.latest();
  }

  /** Expired, but not replaced: who asked for it may have it, and the next reader a newer one. */
  #stale(entry: CacheEntry, found: LocalEntry, now: Moment, load: Load): Cached | undefined {
    if (!entry.staleMs || found.hasExpired(now, entry.staleMs)) return undefined;
    this.shared.read(entry, load).catch(() => {});
    this.#observer.read('l1');
    return found.hit;
  }
}
