import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Cached, CacheEntry, Load } from '../../../domain/ports/cache-port.js';
import type { Moment } from '../cache-clock.js';
import { lifeMs } from '../cache-settings.js';
import type { InvalidationBus } from '../coherence/invalidation-bus.js';
import type { KeysUnderWrite } from '../coherence/keys-under-write.js';
import type { CacheScripts, FillLease } from '../protocol/cache-scripts.js';
import { parseEntry } from '../protocol/stored-entry.js';
import type { RedisCacheSettings } from '../redis-cache-settings.js';
import { CoalescedLoads } from './coalesced-loads.js';
import type { Flight, Flights } from './flights.js';

/** An answer that may be kept in this process as well, as long as nothing it shows is invalidated. */
export interface Kept {
  readonly key: string;
  readonly text: string | undefined;
  readonly resources: readonly string[];
  readonly from: Moment;
  readonly leftMs: number;
}

const FIRST_WAIT_MS = 5;
const LONGEST_WAIT_MS = 50;

/**
 * A read's way: the entry in Redis, else a load by the one instance that holds its fill lease, else
 * past the cache.
 */
export class ReadThrough {
  readonly #passing = new CoalescedLoads<Cached>();

  constructor(
    private readonly scripts: CacheScripts,
    private readonly bus: InvalidationBus,
    private readonly flights: Flights,
    private readonly heldOff: KeysUnderWrite,
    private readonly settings: RedisCacheSettings,
    private readonly keep: (answer: Kept) => void,
  ) {}

  /** Gives the flight its end, whatever comes of it. */
  fetch(entry: CacheEntry, load: Load, flight: Flight): void {
    const genesis = this.bus.genesis;
    const answered = (value: string | null) => {
      try {
        const found = value === null ? undefined : this.#answer(value, entry, flight, genesis);
        if (found) this.flights.end(flight, found);
        else this.flights.follow(flight, this.#missOrPass(entry, load, flight, genesis));
      } catch (error) {
        this.flights.fail(flight, error);
      }
    };
    const refused = () => this.flights.follow(flight, this.pass(entry, load, flight));
    if (entry.composed) this.scripts.getComposed(entry.key).then(answered, refused);
    else this.scripts.get(entry.key, answered, refused);
  }

  async #missOrPass(
    entry: CacheEntry,
    load: Load,
    flight: Flight,
    genesis: string,
  ): Promise<Cached> {
    try {
      return await this.#miss(entry, load, flight, genesis);
    } catch (error) {
      if (!(error instanceof CacheAway)) throw error;
      return this.pass(entry, load, flight);
    }
  }

  async #miss(entry: CacheEntry, load: Load, flight: Flight, genesis: string): Promise<Cached> {
    const id = randomUUID();
    const since = performance.now();
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 1.5, LONGEST_WAIT_MS)) {
      const { key, composed = false } = entry;
      const lease = await away(this.scripts.leaseFill(genesis, key, composed, id));
      switch (lease.verdict) {
        case 'hit': {
          const found = this.#answer(lease.entry, entry, flight, genesis);
          return found ?? this.pass(entry, load, flight);
        }
        case 'load':
          return this.#fill(entry, load, flight, genesis, { id, number: lease.number });
        case 'pass':
          // Where the end of the write was heard meanwhile, the next reader may find the new value.
          if (!flight.isOvertaken([key])) this.heldOff.add(key, this.settings.clock.now());
          return this.pass(entry, load, flight);
        case 'wait':
          // Another instance loads, or has died over it.
          if (performance.now() - since > this.settings.fillPatienceMs) {
            return this.pass(entry, load, flight);
          }
          await pause(waitMs);
          break;
        default:
          return this.pass(entry, load, flight);
      }
    }
  }

  async #fill(
    entry: CacheEntry,
    load: Load,
    flight: Flight,
    genesis: string,
    lease: { readonly id: string; readonly number: string },
  ): Promise<Cached> {
    const { observer } = this.settings;
    observer.loaded();
    let loaded: Awaited<ReturnType<Load>>;
    try {
      loaded = await load(entry);
    } catch (error) {
      await this.scripts.giveUpFill(genesis, entry.key, lease.id).catch(() => {});
      throw error;
    }
    if (loaded?.isKept === false) {
      await this.scripts.giveUpFill(genesis, entry.key, lease.id).catch(() => {});
      return this.#told({ text: loaded.text, source: 'miss' });
    }
    const text = loaded?.text;
    const named = loaded?.resources ?? [];
    const life = lifeMs(this.settings, entry, text);
    const expiresUs = await this.scripts
      .fill(genesis, entry.key, lease, text, life, named)
      // The answer is right; it just cannot be kept.
      .catch(() => undefined);
    if (expiresUs === undefined) return this.#told({ text, source: 'miss' });
    const now = this.settings.clock.now();
    this.#keepNear(entry.key, text, named, now, this.bus.leftMs(expiresUs, now), flight);
    return this.#told({ text, source: 'stored' });
  }

  #answer(value: string, { key }: CacheEntry, flight: Flight, genesis: string): Cached | undefined {
    const { genesis: written, text, resources, expiresUs } = parseEntry(value);
    if (written !== genesis) return undefined;
    const now = this.settings.clock.now();
    const leftMs = this.bus.leftMs(expiresUs, now);
    if (leftMs <= 0) return undefined;
    this.#keepNear(key, text, resources, now, leftMs, flight);
    return this.#told({ text, source: 'l2' });
  }

  #keepNear(
    key: string,
    text: string | undefined,
    named: readonly string[],
    from: Moment,
    leftMs: number,
    flight: Flight,
  ): void {
    const resources = named.length > 0 ? named : [key];
    if (flight.isOvertaken(resources)) return;
    this.keep({ key, text, resources, from, leftMs });
  }

  /** Past the cache: the answer is right now, and nobody can say for how long. */
  pass(entry: CacheEntry, load: Load, flight?: Flight): Promise<Cached> {
    // Who comes from now on must not be answered from a load that began before.
    if (flight) this.flights.close(flight);
    return this.#passing.run(entry.key, async () => {
      this.settings.observer.loaded();
      const loaded = await load(entry);
      return this.#told({ text: loaded?.text, source: 'bypass' });
    });
  }

  #told(answer: Cached): Cached {
    this.settings.observer.read(answer.source);
    return answer;
  }
}

/** Redis did not answer a reader, who then reads past it. */
class CacheAway extends Error {}

async function away(asked: Promise<FillLease>): Promise<FillLease> {
  try {
    return await asked;
  } catch (cause) {
    throw new CacheAway('redis', { cause });
  }
}
