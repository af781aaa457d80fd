import { randomUUID } from 'node:crypto';
import {
  type Cached,
  type CacheEntry,
  CachePort,
  type Load,
  type WriteIntent,
} from '../../domain/ports/cache-port.js';
import { DependencyUnavailableError } from '../../domain/ports/failures.js';
import { writableScript } from '../redis/assert-writable.js';
import type { CommandClient } from '../redis/command-client.js';
import type { Moment } from './cache-clock.js';
import { lifeMs } from './cache-settings.js';
import {
  type Invalidated,
  InvalidationBus,
  type SubscriberClient,
} from './coherence/invalidation-bus.js';
import { KeysUnderWrite } from './coherence/keys-under-write.js';
import { holdOffOf } from './coherence/write-intent-of.js';
import { Flight, Flights } from './loading/flights.js';
import { type Kept, ReadThrough } from './loading/read-through.js';
import { CacheScripts } from './protocol/cache-scripts.js';
import { RedisLink } from './protocol/redis-link.js';
import { type RedisCacheSettings, redisCacheSettings } from './redis-cache-settings.js';

/** Connected node-redis clients; their owner closes them, after the cache. */
export interface RedisCacheClients {
  readonly commands: CommandClient;
  /** Its own connection, used for invalidations only. */
  readonly subscriber: SubscriberClient;
}

/** Keeps answers nearer to the reader than Redis is. */
export interface Nearer extends Omit<Invalidated, 'heldOff'> {
  keep(answer: Kept): void;
}

const nobody: Nearer = { keep() {}, invalidate() {}, invalidateAll() {} };

/**
 * The cache that all instances share.
 *
 * Nothing is kept that a write could have overtaken: see docs/decisions/0008 for why. While Redis
 * does not answer, or is not proven to, reads go to the truth, one at a time for each key.
 */
export class RedisCache extends CachePort {
  readonly #settings: RedisCacheSettings;
  readonly #link: RedisLink;
  readonly #scripts: CacheScripts;
  readonly #bus: InvalidationBus;
  readonly #flights = new Flights();
  readonly #heldOff = new KeysUnderWrite();
  readonly #through: ReadThrough;
  #nearer = nobody;

  constructor(clients: RedisCacheClients, settings: Partial<RedisCacheSettings> = {}) {
    super();
    this.#settings = redisCacheSettings(settings);
    this.#link = new RedisLink(clients.commands, this.#settings.commandTimeoutMs);
    this.#scripts = new CacheScripts(this.#link, this.#settings);
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
    const keep = (answer: Kept) => this.#nearer.keep(answer);
    this.#through = new ReadThrough(
      this.#scripts,
      this.#bus,
      this.#flights,
      this.#heldOff,
      this.#settings,
      keep,
    );
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
    if (!this.#bus.isInStep(now) || !this.#bus.answers) return this.#through.pass(entry, load);
    if (this.#heldOff.has(key, now)) return this.#through.pass(entry, load);
    const open = this.#flights.find(key, now, maxStalenessMs, atLeast);
    if (open) return open.result;
    const flight = new Flight(key, composed, now, this.#bus.position);
    this.#flights.begin(flight);
    this.#through.fetch(entry, load, flight);
    return flight.result;
  }

  override async holdOff(resources: readonly string[]): Promise<WriteIntent> {
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

  override async mayExist(number: number): Promise<boolean> {
    if (number <= this.#bus.position || this.#bus.isSilent) return true;
    const isCompared = await this.#bus.compare().then(
      () => this.#bus.isInStep(this.#settings.clock.now()),
      () => false,
    );
    return !isCompared || number <= this.#bus.position;
  }

  override async latest(): Promise<number> {
    await this.#bus.compare();
    return this.#bus.position;
  }

  /**
   * Asks Redis for what each write asks of it, on the same connection.
   *
   * @throws DependencyUnavailableError a write of a cached resource would be refused
   */
  async assertWritable(): Promise<void> {
    await this.#bus.compare();
    await this.#link.run(writableScript, `${this.#settings.base}:writable`, []);
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

  #invalidate(resources: readonly string[], by: 'message' | 'replay'): void {
    this.#nearer.invalidate(resources, by);
    for (const resource of resources) {
      this.#flights.invalidate(resource);
      this.#heldOff.delete(resource);
    }
    this.#settings.observer.invalidated(by);
  }
}
