import {
  type Cached,
  type CacheEntry,
  CachePort,
  type CacheSource,
  type Load,
  type WriteIntent,
} from '../../../domain/ports/cache-port.js';
import type { Moment } from '../cache-clock.js';
import { type CacheSettings, defaultCacheSettings, lifeMs } from '../cache-settings.js';
import { Writers } from '../coherence/writers.js';
import { CoalescedLoads } from '../loading/coalesced-loads.js';
import { Flight, Flights } from '../loading/flights.js';
import { LocalEntries, LocalEntry } from './local-entries.js';

/** By which clocks of instances differ at most. */
const MOST_SKEW_MS = 60_000;

/**
 * The cache of one process, least recently used out first.
 *
 * It hears of this process's writes only. So that it keeps the staleness bound where others write
 * to the same database, nothing lives longer in it than the bound.
 */
export class InProcessCache extends CachePort {
  readonly #settings: CacheSettings;
  readonly #entries: LocalEntries;
  readonly #flights = new Flights();
  readonly #passing = new CoalescedLoads<Cached>();
  readonly #writers: Writers;

  constructor(settings: Partial<CacheSettings> = {}) {
    super();
    this.#settings = { ...defaultCacheSettings, ...settings };
    this.#writers = new Writers(this.#settings);
    this.#entries = new LocalEntries(this.#settings, () => this.#settings.observer.evicted());
  }

  override read(entry: CacheEntry, load: Load): Cached | Promise<Cached> {
    const { clock, observer, maxStalenessMs } = this.#settings;
    const { key, composed = false } = entry;
    const now = clock.now();
    const found = this.#entries.get(key, now);
    const { atLeast = 0 } = entry;
    if (found && !found.hasExpired(now) && atLeast <= this.#writers.number) {
      observer.read('l1');
      return found.hit;
    }
    // While a write is under way the answer may change at any moment.
    if (!composed && this.#writers.isHeldOff(key)) {
      return this.#passing.run(key, () => this.#load(entry, load, undefined));
    }
    const open = this.#flights.find(key, now, maxStalenessMs, atLeast);
    if (open) return open.result;
    const flight = new Flight(key, composed, now, this.#writers.number);
    this.#flights.begin(flight);
    this.#flights.follow(flight, this.#load(entry, load, flight));
    return flight.result;
  }

  override async holdOff(resources: readonly string[]): Promise<WriteIntent> {
    const writer = this.#writers.begin(resources);
    const now = () => this.#settings.clock.now();
    this.#invalidate(resources);
    return {
      number: writer.number,
      assertStanding: () => this.#writers.assertStanding(writer),
      end: async (entries = []) => {
        const alone = this.#writers.end(writer);
        this.#invalidate(resources);
        if (alone) for (const { key, text } of entries) this.#keep({ key }, text, [key], now());
        return this.#writers.number;
      },
    };
  }

  /** Other processes may write to the same database; their numbers are times, as are these. */
  override async mayExist(number: number): Promise<boolean> {
    const latestUs = (this.#settings.clock.now().wallMs + MOST_SKEW_MS) * 1_000;
    return number <= Math.max(this.#writers.number, latestUs);
  }

  override async latest(): Promise<number> {
    return this.#writers.number;
  }

  /** Without a flight, past the cache. */
  async #load(entry: CacheEntry, load: Load, flight: Flight | undefined): Promise<Cached> {
    const { clock, observer } = this.#settings;
    const began = clock.now();
    observer.loaded();
    const loaded = await load(entry);
    const resources = loaded?.resources ?? [entry.key];
    const text = loaded?.text;
    const source = loaded?.isKept === false ? 'miss' : this.#fateOf(resources, flight);
    if (source === 'stored') this.#keep(entry, text, resources, began);
    observer.read(source);
    return { text, source };
  }

  #fateOf(resources: readonly string[], flight: Flight | undefined): CacheSource {
    if (!flight || resources.some((name) => this.#writers.isHeldOff(name))) return 'bypass';
    return flight.isOvertaken(resources) ? 'miss' : 'stored';
  }

  #keep(
    entry: Pick<CacheEntry, 'key' | 'ttlMs'>,
    text: string | undefined,
    resources: readonly string[],
    from: Moment,
  ): void {
    const hit: Cached = { text, source: 'l1' };
    const ttlMs = Math.min(lifeMs(this.#settings, entry, text), this.#settings.maxStalenessMs);
    this.#entries.set(entry.key, new LocalEntry(hit, resources, from, ttlMs));
  }

  #invalidate(resources: readonly string[]): void {
    for (const resource of resources) {
      this.#entries.drop(resource);
      this.#flights.invalidate(resource);
    }
    this.#settings.observer.invalidated('message');
  }
}
