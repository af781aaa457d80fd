import { randomUUID } from 'node:crypto';
import type { RedisClients } from '../../redis/command-client.js';
import { TimedClient } from '../../redis/timed-client.js';
import type { Instant } from '../../timeouts/instant.js';
import {
  Cache,
  type Cached,
  type CacheEntry,
  CacheUnavailableError,
  type Load,
  type WriteIntent,
} from '../cache.js';
import { lifeMs } from '../cache-settings.js';
import { type Invalidated, InvalidationBus } from '../coherence/invalidation-bus.js';
import { RecentKeys } from '../coherence/recent-keys.js';
import { storedWriteIntent } from '../coherence/stored-write-intent.js';
import { type Kept, ReadThrough } from '../loading/read-through.js';
import { SharedLoad, SharedLoads } from '../loading/shared-loads.js';
import { CacheScripts } from '../protocol/cache-scripts.js';
import { type RedisCacheSettings, redisCacheSettings } from '../redis-cache-settings.js';

/** A first level (L1) that keeps entries in the process, and gets each invalidation. */
export interface L1Listener extends Omit<Invalidated, 'underWrite'> {
  keep(kept: Kept): void;
}

/** Milliseconds in which a message announces the end of a write; later a reader asks Redis again. */
const ASK_AGAIN_MS = 50;

const noL1: L1Listener = { keep() {}, invalidate() {}, invalidateAll() {} };

/**
 * The cache that all instances share, in Redis.
 *
 * It keeps no text that a write may have replaced during the load; README.md explains how. While
 * Redis cannot be reached, or this instance is not in sync, reads go to the database, one load at a
 * time for each key.
 */
export class RedisCache extends Cache {
  readonly #settings: RedisCacheSettings;
  readonly #scripts: CacheScripts;
  readonly #bus: InvalidationBus;
  readonly #loads = new SharedLoads();
  /**
   * Keys with a write under way in some instance. Until the write's end invalidates the key again, readers
   * load without asking Redis: it keeps nothing for them.
   */
  readonly #underWrite = new RecentKeys(ASK_AGAIN_MS);
  readonly #readThrough: ReadThrough;
  #l1 = noL1;

  /** Connected node-redis clients; their owner closes them, after the cache. */
  constructor(clients: RedisClients, settings: Partial<RedisCacheSettings> = {}) {
    super();
    this.#settings = redisCacheSettings(settings);
    const client = new TimedClient(clients.commands, this.#settings.commandTimeoutMs);
    this.#scripts = new CacheScripts(client, this.#settings);
    this.#bus = new InvalidationBus(clients, this.#scripts, this.#settings, {
      invalidate: (resources, by) => this.#invalidate(resources, by),
      underWrite: (resources) => {
        const now = this.#settings.clock.now();
        for (const resource of resources) this.#underWrite.add(resource, now);
      },
      invalidateAll: () => {
        this.#l1.invalidateAll();
        this.#loads.invalidateAll();
        this.#settings.observer.invalidated('drop');
      },
    });
    const keep = (kept: Kept) => this.#l1.keep(kept);
    this.#readThrough = new ReadThrough(
      this.#scripts,
      this.#bus,
      this.#loads,
      this.#underWrite,
      this.#settings,
      keep,
    );
  }

  /** Connects it to the other instances. Without this call every read goes to the database. */
  start(): Promise<void> {
    return this.#bus.start();
  }

  close(): void {
    this.#bus.close();
    this.#l1.invalidateAll();
  }

  /** From now on the first level gets what is loaded here, and each invalidation. */
  attach(l1: L1Listener): void {
    this.#l1 = l1;
  }

  isInSync(now: Instant): boolean {
    return this.#bus.isInSync(now);
  }

  get position(): number {
    return this.#bus.position;
  }

  override read(entry: CacheEntry, load: Load): Promise<Cached> {
    const { clock, maxStalenessMs } = this.#settings;
    const { key, composed = false, atLeast = 0 } = entry;
    const now = clock.now();
    if (!this.#bus.isInSync(now) || !this.#bus.answers)
      return this.#readThrough.bypass(entry, load);
    if (this.#underWrite.has(key, now)) return this.#readThrough.bypass(entry, load);
    const open = this.#loads.find(key, now, maxStalenessMs, atLeast);
    if (open) return open.result;
    const shared = new SharedLoad(key, composed, now, this.#bus.position);
    this.#loads.begin(shared);
    this.#readThrough.fetch(entry, load, shared);
    return shared.result;
  }

  override async beginWrite(resources: readonly string[]): Promise<WriteIntent> {
    const owner = randomUUID();
    const since = this.#settings.clock.now();
    // @plant write-without-redis
    const intent =
      (await this.#tryBeginWrite(owner, resources)) ??
      (await this.#tryBeginWrite(owner, resources));
    // @end write-without-redis
    if (!intent) throw new CacheUnavailableError(new Error('redis lost its memory twice'));
    this.#invalidate(resources, 'message');
    const epochNow = () =>
      this.#bus.isInSync(this.#settings.clock.now()) ? this.#bus.epoch : undefined;
    return storedWriteIntent(intent, since, this.#settings, epochNow, async (entries = []) => {
      const kept = entries.map((entry) => ({
        ...entry,
        lifeMs: lifeMs(this.#settings, {}, entry.text),
      }));
      const number = await this.#scripts.endWrite(intent, kept);
      this.#invalidate(resources, 'message');
      return number;
    });
  }

  override async mayExist(number: number): Promise<boolean> {
    if (number <= this.#bus.position || this.#bus.silence) return true;
    const isCompared = await this.#bus.compare().then(
      () => this.#bus.isInSync(this.#settings.clock.now()),
      () => false,
    );
    return !isCompared || number <= this.#bus.position;
  }

  override async latest(): Promise<number> {
    await this.#bus.compare();
    return this.#bus.position;
  }

  /**
   * Asks Redis for what every write needs, on the same connection.
   *
   * @throws CacheUnavailableError a write of a cached resource would be refused
   */
  async assertWritable(): Promise<void> {
    await this.#bus.compare();
    await this.#scripts.assertWritable();
  }

  /** Undefined when Redis lost its memory since this instance last compared. */
  async #tryBeginWrite(owner: string, resources: readonly string[]) {
    // A write holds locks and a connection, so it does not wait for a Redis that is known to hang.
    if (this.#bus.silence) throw new CacheUnavailableError(this.#bus.silence.cause);
    if (!this.#bus.isInSync(this.#settings.clock.now())) await this.#bus.compare();
    const intent = await this.#scripts.beginWrite(this.#bus.epoch, owner, resources);
    if (!intent) await this.#bus.compare();
    return intent;
  }

  #invalidate(resources: readonly string[], by: 'message' | 'replay'): void {
    this.#l1.invalidate(resources, by);
    for (const resource of resources) {
      this.#loads.invalidate(resource);
      this.#underWrite.delete(resource);
    }
    this.#settings.observer.invalidated(by);
  }
}
