import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Cached,
  type CacheEntry,
  CachePort,
  type HoldOff,
  type Load,
} from '../../domain/ports/cache-port.js';
import { DependencyUnavailableError } from '../../domain/ports/failures.js';
import type { Moment } from './cache-clock.js';
import { CacheScripts, type FillLease } from './cache-scripts.js';
import { lifeMs } from './cache-settings.js';
import { Flight, Flights } from './flights.js';
import { HeldOffKeys } from './held-off-keys.js';
import { holdOffOf } from './hold-off-of.js';
import { type Invalidated, InvalidationBus, type SubscriberClient } from './invalidation-bus.js';
import { PassingLoads } from './passing-loads.js';
import { type RedisCacheSettings, redisCacheSettings } from './redis-cache-settings.js';
import { type CommandClient, RedisLink } from './redis-link.js';
import { parseEntry } from './stored-entry.js';

/** Connected node-redis clients; their owner closes them, after the cache. */
export interface RedisCacheClients {
  readonly commands: CommandClient;
  /** Its own connection, used for invalidations only. */
  readonly subscriber: SubscriberClient;
}

/** An answer that may be kept in this process as well, as long as nothing it shows is invalidated. */
export interface Kept {
  readonly key: string;
  readonly text: string | undefined;
  readonly resources: readonly string[];
  readonly from: Moment;
  readonly leftMs: number;
}

/** Keeps answers nearer to the reader than Redis is. */
export interface Nearer extends Omit<Invalidated, 'heldOff'> {
  keep(answer: Kept): void;
}

const nobody: Nearer = { keep() {}, invalidate() {}, invalidateAll() {} };

const FIRST_WAIT_MS = 5;
const LONGEST_WAIT_MS = 50;

/**
 * The cache that all instances share.
 *
 * Nothing is kept that a write could have overtaken: see docs/decisions/0008 for why. While Redis
 * does not answer, or is not proven to, reads go to the truth, one at a time for each key.
 */
export class RedisCache extends CachePort {
  readonly #settings: RedisCacheSettings;
  readonly #scripts: CacheScripts;
  readonly #bus: InvalidationBus;
  readonly #flights = new Flights();
  readonly #passing = new PassingLoads<Cached>();
  readonly #heldOff = new HeldOffKeys();
  #nearer = nobody;

  constructor(clients: RedisCacheClients, settings: Partial<RedisCacheSettings> = {}) {
    super();
    this.#settings = redisCacheSettings(settings);
    const link = new RedisLink(clients.commands, this.#settings.commandTimeoutMs);
    this.#scripts = new CacheScripts(link, this.#settings);
    this.#bus = new InvalidationBus(clients, this.#scripts, this.#settings, {
      invalidate: (resources, by) => this.#invalidate(resources, by),
      heldOff: (resources) => {
        const now = this.#settings.clock.now();
        for (const resource of resources) this.#heldOff.add(resource, now);
      },
      invalidateAll: () => {
        this.#nearer.invalidateAll();
        this.#flights.invalidateAll();
        this.#settings.observer.invalidated('drop');
      },
    });
  }

  /** Before this, and without it, every read goes to the truth. */
  start(): Promise<void> {
    return this.#bus.start();
  }

  close(): void {
    this.#bus.close();
    this.#nearer.invalidateAll();
  }

  /** Keeps one in step that keeps answers nearer. */
  serve(nearer: Nearer): void {
    this.#nearer = nearer;
  }

  isInStep(now: Moment): boolean {
    return this.#bus.isInStep(now);
  }

  get position(): number {
    return this.#bus.position;
  }

  override read(entry: CacheEntry, load: Load): Promise<Cached> {
    const { clock, maxStalenessMs } = this.#settings;
    const { key, composed = false, atLeast = 0 } = entry;
    const now = clock.now();
    if (!this.#bus.isInStep(now) || !this.#bus.answers) return this.#pass(entry, load);
    if (this.#heldOff.has(key, now)) return this.#pass(entry, load);
    const open = this.#flights.find(key, now, maxStalenessMs, atLeast);
    if (open) return open.result;
    const flight = new Flight(key, composed, now, this.#bus.position);
    this.#flights.begin(flight);
    this.#fetch(entry, load, flight);
    return flight.result;
  }

  override async holdOff(resources: readonly string[]): Promise<HoldOff> {
    const owner = randomUUID();
    const since = this.#settings.clock.now();
    const heldOff =
      (await this.#tryHoldOff(owner, resources)) ?? (await this.#tryHoldOff(owner, resources));
    if (!heldOff) throw new DependencyUnavailableError('redis', new Error('it starts again'));
    this.#invalidate(resources, 'message');
    const genesisNow = () =>
      this.#bus.isInStep(this.#settings.clock.now()) ? this.#bus.genesis : undefined;
    return holdOffOf(heldOff, since, this.#settings, genesisNow, async (entries = []) => {
      const living = entries.map((entry) => ({
        ...entry,
        lifeMs: lifeMs(this.#settings, {}, entry.text),
      }));
      const number = await this.#scripts.endHoldOff(heldOff, living);
      this.#invalidate(resources, 'message');
      return number;
    });
  }

  override async latest(): Promise<number> {
    await this.#bus.compare();
    return this.#bus.position;
  }

  /** Undefined when Redis lost its memory since this instance last compared. */
  async #tryHoldOff(owner: string, resources: readonly string[]) {
    // A write holds locks and a connection: it need not wait for what others found silent.
    if (this.#bus.isSilent) throw new DependencyUnavailableError('redis', new Error('silent'));
    if (!this.#bus.isInStep(this.#settings.clock.now())) await this.#bus.compare();
    const heldOff = await this.#scripts.holdOff(this.#bus.genesis, owner, resources);
    if (!heldOff) await this.#bus.compare();
    return heldOff;
  }

  #fetch(entry: CacheEntry, load: Load, flight: Flight): void {
    const genesis = this.#bus.genesis;
    const answered = (value: string | null) => {
      try {
        const found = value === null ? undefined : this.#answer(value, entry, flight, genesis);
        if (found) this.#flights.end(flight, found);
        else this.#flights.follow(flight, this.#missOrPass(entry, load, flight, genesis));
      } catch (error) {
        this.#flights.fail(flight, error);
      }
    };
    const refused = () => this.#flights.follow(flight, this.#pass(entry, load, flight));
    if (entry.composed) this.#scripts.getComposed(entry.key).then(answered, refused);
    else this.#scripts.get(entry.key, answered, refused);
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
      return this.#pass(entry, load, flight);
    }
  }

  async #miss(entry: CacheEntry, load: Load, flight: Flight, genesis: string): Promise<Cached> {
    const id = randomUUID();
    const since = performance.now();
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 1.5, LONGEST_WAIT_MS)) {
      const { key, composed = false } = entry;
      const lease = await away(this.#scripts.leaseFill(genesis, key, composed, id));
      switch (lease.verdict) {
        case 'hit': {
          const found = this.#answer(lease.entry, entry, flight, genesis);
          return found ?? this.#pass(entry, load, flight);
        }
        case 'load':
          return this.#fill(entry, load, flight, genesis, { id, number: lease.number });
        case 'pass':
          // Where the end of the write was heard meanwhile, the next reader may find the new value.
          if (!flight.isOvertaken([key])) this.#heldOff.add(key, this.#settings.clock.now());
          return this.#pass(entry, load, flight);
        case 'wait':
          // Another instance loads, or has died over it.
          if (performance.now() - since > this.#settings.fillPatienceMs) {
            return this.#pass(entry, load, flight);
          }
          await pause(waitMs);
          break;
        default:
          return this.#pass(entry, load, flight);
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
    const { observer } = this.#settings;
    observer.loaded();
    let loaded: Awaited<ReturnType<Load>>;
    try {
      loaded = await load();
    } catch (error) {
      await this.#scripts.giveUpFill(genesis, entry.key, lease.id).catch(() => {});
      throw error;
    }
    const text = loaded?.text;
    const named = loaded?.resources ?? [];
    const life = lifeMs(this.#settings, entry, text);
    const expiresUs = await this.#scripts
      .fill(genesis, entry.key, lease, text, life, named)
      // The answer is right; it just cannot be kept.
      .catch(() => undefined);
    if (expiresUs === undefined) return this.#told({ text, source: 'miss' });
    const now = this.#settings.clock.now();
    this.#keepNear(entry.key, text, named, now, this.#bus.leftMs(expiresUs, now), flight);
    return this.#told({ text, source: 'stored' });
  }

  #answer(value: string, { key }: CacheEntry, flight: Flight, genesis: string): Cached | undefined {
    const { genesis: written, text, resources, expiresUs } = parseEntry(value);
    if (written !== genesis) return undefined;
    const now = this.#settings.clock.now();
    const leftMs = this.#bus.leftMs(expiresUs, now);
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
    if (this.#nearer === nobody) return;
    const resources = named.length > 0 ? named : [key];
    if (flight.isOvertaken(resources)) return;
    this.#nearer.keep({ key, text, resources, from, leftMs });
  }

  /** Past the cache: the answer is right now, and nobody can say for how long. */
  #pass(entry: CacheEntry, load: Load, flight?: Flight): Promise<Cached> {
    // Who comes from now on must not be answered from a load that began before.
    if (flight) this.#flights.close(flight);
    return this.#passing.run(entry.key, async () => {
      this.#settings.observer.loaded();
      const loaded = await load();
      return this.#told({ text: loaded?.text, source: 'bypass' });
    });
  }

  #told(answer: Cached): Cached {
    this.#settings.observer.read(answer.source);
    return answer;
  }

  #invalidate(resources: readonly string[], by: 'message' | 'replay'): void {
    this.#nearer.invalidate(resources, by);
    for (const resource of resources) {
      this.#flights.invalidate(resource);
      this.#heldOff.delete(resource);
    }
    this.#settings.observer.invalidated(by);
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
