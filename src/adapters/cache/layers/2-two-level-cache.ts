import type { Instant, InstantClock } from '../../timeouts/instant.js';
import { Cache, type Cached, type CacheEntry, type Load, type WriteIntent } from '../cache.js';
import type { CacheObserver } from '../cache-observer.js';
import { type CacheSettings, defaultCacheSettings } from '../cache-settings.js';
import { LocalEntries, LocalEntry } from '../local/local-entries.js';
import type { RedisCache } from './3-redis-cache.js';

/**
 * Two levels: the memory of this process (L1) before Redis (L2).
 *
 * L1 is used only while this instance is in sync with the invalidations of all instances. A message
 * that is lost or late causes a miss, never a stale answer.
 */
export class TwoLevelCache extends Cache {
  readonly #clock: InstantClock;
  readonly #observer: CacheObserver;
  readonly #entries: LocalEntries;
  /** The last instant at which this process was in sync; many reads share one instant. */
  #inSyncAt: Instant | undefined;

  constructor(
    private readonly shared: RedisCache,
    settings: Partial<CacheSettings> = {},
  ) {
    super();
    const chosen: CacheSettings = { ...defaultCacheSettings, ...settings };
    this.#clock = chosen.clock;
    this.#observer = chosen.observer;
    this.#entries = new LocalEntries(chosen, () => this.#observer.evicted());
    shared.attach({
      keep: ({ key, text, resources, from, leftMs }) =>
        this.#entries.set(key, new LocalEntry({ text, source: 'l1' }, resources, from, leftMs)),
      invalidate: (resources) => {
        for (const resource of resources) this.#entries.drop(resource);
      },
      invalidateAll: () => this.#entries.clear(),
    });
  }

  /** Entries in this process, and the bytes they take. */
  get size(): { readonly entries: number; readonly bytes: number } {
    return { entries: this.#entries.size, bytes: this.#entries.bytes };
  }

  override read(entry: CacheEntry, load: Load): Cached | Promise<Cached> {
    const now = this.#clock.now();
    const found = this.#usable(entry, now);
    if (found === undefined) return this.shared.read(entry, load);
    return (
      this.#hit(found, now) ??
      this.#staleHit(entry, found, now, load) ??
      this.shared.read(entry, load)
    );
  }

  override readLocal(entry: CacheEntry): Cached | undefined {
    const now = this.#clock.now();
    const found = this.#usable(entry, now);
    return found && this.#hit(found, now);
  }

  override beginWrite(resources: readonly string[]): Promise<WriteIntent> {
    return this.shared.beginWrite(resources);
  }

  override mayExist(number: number): Promise<boolean> {
    return this.shared.mayExist(number);
  }

  override latest(): Promise<number> {
    return this.shared.latest();
  }

  /** The entry in this process, if it is as new as the bound and the reader ask for; it may have expired. */
  #usable({ key, atLeast }: CacheEntry, now: Instant): LocalEntry | undefined {
    const found = this.#entries.get(key, now);
    if (found === undefined) return undefined;
    if (now !== this.#inSyncAt) {
      if (!this.shared.isInSync(now)) return undefined;
      this.#inSyncAt = now;
    }
    // @plant at-least-ignored
    if (atLeast !== undefined && atLeast > this.shared.position) {
      return undefined;
    }
    return found;
  }

  #hit(found: LocalEntry, now: Instant): Cached | undefined {
    if (now.monotonicMs >= found.endMonotonicMs || now.wallMs >= found.endWallMs) return undefined;
    this.#observer.read('l1');
    return found.hit;
  }

  /** Expired, but not replaced: this reader gets it, while the entry is loaded for the next one. */
  #staleHit(entry: CacheEntry, found: LocalEntry, now: Instant, load: Load): Cached | undefined {
    if (!entry.staleMs || found.hasExpired(now, entry.staleMs)) return undefined;
    this.shared.read(entry, load).catch(() => {});
    this.#observer.read('l1');
    return found.hit;
  }
}
