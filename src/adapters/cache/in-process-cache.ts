import type { Instant } from '../timeouts/instant.js';
import {
  Cache,
  type Cached,
  type CacheEntry,
  type CacheSource,
  type Load,
  type WriteIntent,
} from './cache.js';
import { type CacheSettings, defaultCacheSettings, lifeMs } from './cache-settings.js';
import { Writers } from './coherence/writers.js';
import { BypassLoads } from './loading/bypass-loads.js';
import { SharedLoad, SharedLoads } from './loading/shared-loads.js';
import { LocalEntries, LocalEntry } from './local/local-entries.js';

/** The most by which the clocks of two instances differ. */
const MAX_SKEW_MS = 60_000;

/**
 * The cache of one process; the least recently used entry is evicted first.
 *
 * It knows the writes of this process only. Other processes may write to the same database, so no
 * entry lives longer than the staleness bound.
 */
export class InProcessCache extends Cache {
  readonly #settings: CacheSettings;
  readonly #entries: LocalEntries;
  readonly #loads = new SharedLoads();
  readonly #bypassing = new BypassLoads<Cached>();
  readonly #writers: Writers;

  constructor(settings: Partial<CacheSettings> = {}) {
    super();
    this.#settings = { ...defaultCacheSettings, ...settings };
    this.#writers = new Writers(this.#settings);
    this.#entries = new LocalEntries(this.#settings, () => this.#settings.observer.evicted());
  }

  override read(entry: CacheEntry, load: Load): Cached | Promise<Cached> {
    const hit = this.readLocal(entry);
    if (hit) return hit;
    const { clock, maxStalenessMs } = this.#settings;
    const { key, composed = false, atLeast = 0 } = entry;
    const now = clock.now();
    // While a write is under way the value may change at any moment.
    if (!composed && this.#writers.isUnderWrite(key)) {
      return this.#bypassing.run(key, () => this.#load(entry, load, undefined));
    }
    const open = this.#loads.find(key, now, maxStalenessMs, atLeast);
    if (open) return open.result;
    const shared = new SharedLoad(key, composed, now, this.#writers.number);
    this.#loads.begin(shared);
    this.#loads.follow(shared, this.#load(entry, load, shared));
    return shared.result;
  }

  override readLocal({ key, atLeast = 0 }: CacheEntry): Cached | undefined {
    const { clock, observer } = this.#settings;
    const now = clock.now();
    const found = this.#entries.get(key, now);
    if (!found || found.hasExpired(now) || atLeast > this.#writers.number) return undefined;
    observer.read('l1');
    return found.hit;
  }

  override async beginWrite(resources: readonly string[]): Promise<WriteIntent> {
    const writer = this.#writers.begin(resources);
    const now = () => this.#settings.clock.now();
    this.#invalidate(resources);
    return {
      number: writer.number,
      assertValid: () => this.#writers.assertValid(writer),
      end: async (entries = []) => {
        const alone = this.#writers.end(writer);
        this.#invalidate(resources);
        if (alone) for (const { key, text } of entries) this.#keep({ key }, text, [key], now());
        return this.#writers.number;
      },
    };
  }

  /** Other processes may write to the same database; the numbers are times in all of them. */
  override async mayExist(number: number): Promise<boolean> {
    const latestUs = (this.#settings.clock.now().wallMs + MAX_SKEW_MS) * 1_000;
    return number <= Math.max(this.#writers.number, latestUs);
  }

  override async latest(): Promise<number> {
    return this.#writers.number;
  }

  /** Without a shared load it loads past the cache. */
  async #load(entry: CacheEntry, load: Load, shared: SharedLoad | undefined): Promise<Cached> {
    const { clock, observer } = this.#settings;
    const began = clock.now();
    observer.loaded();
    const loaded = await load(entry);
    const resources = loaded?.resources ?? [entry.key];
    const text = loaded?.text;
    const source = loaded?.isKept === false ? 'miss' : this.#sourceOf(resources, shared);
    if (source === 'stored') this.#keep(entry, text, resources, began);
    else if (shared && loaded?.isKept !== false) observer.fillRefused();
    observer.read(source);
    return { text, source };
  }

  #sourceOf(resources: readonly string[], shared: SharedLoad | undefined): CacheSource {
    if (!shared || resources.some((name) => this.#writers.isUnderWrite(name))) return 'bypass';
    return shared.isStale(resources) ? 'miss' : 'stored';
  }

  #keep(
    entry: Pick<CacheEntry, 'key' | 'ttlMs'>,
    text: string | undefined,
    resources: readonly string[],
    from: Instant,
  ): void {
    const hit: Cached = { text, source: 'l1' };
    const ttlMs = Math.min(lifeMs(this.#settings, entry, text), this.#settings.maxStalenessMs);
    this.#entries.set(entry.key, new LocalEntry(hit, resources, from, ttlMs));
  }

  #invalidate(resources: readonly string[]): void {
    for (const resource of resources) {
      this.#entries.drop(resource);
      this.#loads.invalidate(resource);
    }
    this.#settings.observer.invalidated('message');
  }
}
