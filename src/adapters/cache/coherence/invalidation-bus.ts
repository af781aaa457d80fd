import type { RedisClients } from '../../redis/command-client.js';
import { hasPassed, type Instant } from '../../timeouts/instant.js';
import type { CacheUnavailableError } from '../cache.js';
import type { CacheScripts } from '../protocol/cache-scripts.js';
import type { RedisCacheSettings } from '../redis-cache-settings.js';

/** A part of this process that keeps or loads entries. */
export interface Invalidated {
  invalidate(resources: readonly string[], by: 'message' | 'replay'): void;
  /** A write keeps these out of the cache from now on: readers must load. */
  underWrite(resources: readonly string[]): void;
  /** Everything may have been invalidated: what was missed is not known. */
  invalidateAll(): void;
}

/**
 * Keeps this instance in sync with the invalidations of all instances: by messages, which are fast,
 * and by a comparison with Redis at each heartbeat, which misses none.
 *
 * The position is the number up to which every invalidation was applied here. An entry of this
 * process may be returned while the last comparison began less than the staleness bound ago: each
 * invalidation before it has been applied, and each one after it is younger than the bound.
 */
export class InvalidationBus {
  #epoch = '';
  #position = 0;
  /** When the last successful comparison began; undefined when nothing is known. */
  #provenAt: Instant | undefined;
  /** The last instant at which that was recent enough. */
  #inSyncAt: Instant | undefined;
  /** The clock of Redis in that comparison, in microseconds; it was not later at `#provenAt`. */
  #serverUs = 0;
  #comparing: Promise<void> | undefined;
  /** Counts the connections: a reply from an earlier one may be from another server. */
  #connection = 0;
  #answers = false;
  #silence: Error | undefined;
  #reportedSync = false;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(
    private readonly clients: RedisClients,
    private readonly scripts: CacheScripts,
    private readonly settings: RedisCacheSettings,
    private readonly listener: Invalidated,
  ) {
    clients.commands.on('ready', this.#onReady);
    clients.commands.on('error', this.#onError);
    // @plant reconnection-compares-nothing
    clients.subscriber.on('ready', this.#compareSoon);
  }

  /** The epoch in which this instance is in sync. */
  get epoch(): string {
    return this.#epoch;
  }

  get position(): number {
    return this.#position;
  }

  /** Resolves when this instance is in sync, or could not get in sync at the first try. */
  async start(): Promise<void> {
    this.#beat();
    await Promise.all([this.#subscribe(), this.compare().catch(() => {})]);
  }

  isInSync(now: Instant): boolean {
    // Many reads share an instant.
    if (now === this.#inSyncAt) return true;
    const { maxStalenessMs } = this.settings;
    // @plant no-proof
    if (!this.#provenAt || hasPassed(maxStalenessMs, this.#provenAt, now)) return false;
    this.#inSyncAt = now;
    return true;
  }

  /** Whether the last comparison had a reply; while it is false, no reader waits for Redis. */
  get answers(): boolean {
    return this.#answers;
  }

  /** Why the last comparison failed; undefined after a success or a new connection. */
  get silence(): Error | undefined {
    return this.#silence;
  }

  /** At least this many milliseconds are left until that time of the clock of Redis. */
  leftMs(expiresUs: number, now: Instant): number {
    if (!this.#provenAt) return 0;
    const sinceMs = now.monotonicMs - this.#provenAt.monotonicMs;
    return (expiresUs - this.#serverUs) / 1_000 - sinceMs;
  }

  /** Runs a comparison that begins after this call; calls that come meanwhile share it. */
  async compare(): Promise<void> {
    await this.#comparing?.catch(() => {});
    this.#comparing ??= this.#compare().finally(() => {
      this.#comparing = undefined;
    });
    return this.#comparing;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#forget();
    const { commands, subscriber } = this.clients;
    commands.off('ready', this.#onReady);
    commands.off('error', this.#onError);
    subscriber.off('ready', this.#compareSoon);
    subscriber.unsubscribe(this.#channel).catch(() => {});
  }

  get #channel(): string {
    return `${this.settings.base}:invalidations`;
  }

  async #subscribe(): Promise<void> {
    try {
      await this.clients.subscriber.subscribe(this.#channel, this.#onMessage);
    } catch {
      if (this.#closed) return;
      setTimeout(() => void this.#subscribe(), this.settings.commandTimeoutMs).unref();
    }
  }

  async #compare(): Promise<void> {
    const begun = this.settings.clock.now();
    const connection = this.#connection;
    const { missed, ...found } = await this.#ask();
    if (connection !== this.#connection || this.#closed) return;
    if (missed === undefined) this.listener.invalidateAll();
    // @plant no-replay
    else if (missed.length > 0) this.listener.invalidate(missed, 'replay');
    // Messages without a gap may have led further than the comparison did.
    this.#position = missed ? Math.max(this.#position, found.last) : found.last;
    this.#epoch = found.epoch;
    this.#serverUs = found.serverUs;
    this.#provenAt = begun;
    this.#answers = true;
    this.#silence = undefined;
    this.#reportSync();
  }

  async #ask() {
    try {
      return await this.scripts.sync(this.#epoch, this.#position);
    } catch (error) {
      this.#answers = false;
      // @plant silence-unnoticed
      this.#silence = error as CacheUnavailableError;
      throw error;
    }
  }

  #onMessage = (message: string): void => {
    const [epoch, previous, number, state, ...resources] = message.split(' ');
    this.listener.invalidate(resources, 'message');
    if (state === 'begun') this.listener.underWrite(resources);
    // @plant gap-unnoticed
    if (epoch === this.#epoch && Number(previous) <= this.#position) {
      this.#position = Math.max(this.#position, Number(number));
      return;
    }
    // A message before this one was missed, or the epoch is another.
    this.settings.observer.gapFound();
    this.#compareSoon();
  };

  #beat(): void {
    const everyMs = Math.max(10, this.settings.maxStalenessMs / 4);
    this.#timer = setTimeout(() => {
      this.#reportSync();
      this.#compareSoon();
      this.#beat();
    }, everyMs);
    this.#timer.unref();
  }

  #compareSoon = (): void => {
    // After a failure the next heartbeat compares again.
    if (!this.#closed) this.compare().catch(() => {});
  };

  #onReady = (): void => {
    this.#silence = undefined;
    this.#forget();
    this.#compareSoon();
  };

  #onError = (): void => this.#forget();

  /** Another server may reply from now on, or the same one without its memory. */
  #forget(): void {
    this.#connection += 1;
    this.#provenAt = undefined;
    this.#inSyncAt = undefined;
    this.#answers = false;
    this.#reportSync();
  }

  /** A Redis that hangs ends the sync by time alone, so each heartbeat looks too. */
  #reportSync(): void {
    const isInSync = this.isInSync(this.settings.clock.now());
    if (isInSync === this.#reportedSync) return;
    this.#reportedSync = isInSync;
    this.settings.observer.inSync(isInSync);
  }
}
