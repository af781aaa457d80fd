import type { CommandClient } from '../../redis/command-client.js';
import { hasPassed, type Moment } from '../cache-clock.js';
import type { CacheScripts } from '../protocol/cache-scripts.js';
import type { RedisCacheSettings } from '../redis-cache-settings.js';

/** A connection of its own, in subscriber mode. */
export interface SubscriberClient {
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  on(event: 'ready' | 'error', listener: () => void): unknown;
  off(event: 'ready' | 'error', listener: () => void): unknown;
}

/** Whoever keeps answers in this process. */
export interface Invalidated {
  invalidate(resources: readonly string[], by: 'message' | 'replay'): void;
  /** A write keeps these out of the cache from now on: there is nothing to be had but the truth. */
  heldOff(resources: readonly string[]): void;
  /** What was invalidated is not known: everything may have been. */
  invalidateAll(): void;
}

/**
 * Keeps this instance in step with the invalidations of all: by their messages, which are fast,
 * and by comparing its position with Redis at each heartbeat, which misses none.
 *
 * Its position is the number up to which every invalidation was applied here. Whatever was kept
 * here may be answered while the last comparison was begun less than the staleness bound ago: an
 * invalidation before it has been applied, and one after it is younger than the bound.
 */
export class InvalidationBus {
  #genesis = '';
  #position = 0;
  /** When the last comparison that succeeded was begun; undefined when nothing is known. */
  #provenAt: Moment | undefined;
  /** The last moment at which it was found to be recent enough, while it still stands. */
  #inStepAt: Moment | undefined;
  /** Redis's clock at most, at that moment, in microseconds. */
  #serverUs = 0;
  #comparing: Promise<void> | undefined;
  /** Counts the connections: what an earlier one said may be the word of another server. */
  #connection = 0;
  #answers = false;
  #isSilent = false;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(
    private readonly clients: {
      readonly commands: CommandClient;
      readonly subscriber: SubscriberClient;
    },
    private readonly scripts: CacheScripts,
    private readonly settings: RedisCacheSettings,
    private readonly listener: Invalidated,
  ) {
    clients.commands.on('ready', this.#reconnected);
    clients.commands.on('error', this.#lost);
    clients.subscriber.on('ready', this.#compareSoon);
  }

  /** Which life of Redis the answers are of. */
  get genesis(): string {
    return this.#genesis;
  }

  get position(): number {
    return this.#position;
  }

  /** Resolves when this instance is in step, or has found that it cannot be for now. */
  async start(): Promise<void> {
    this.#beat();
    await Promise.all([this.#subscribe(), this.compare().catch(() => {})]);
  }

  isInStep(now: Moment): boolean {
    // Many reads share a moment.
    if (now === this.#inStepAt) return true;
    const { maxStalenessMs } = this.settings;
    if (!this.#provenAt || hasPassed(maxStalenessMs, this.#provenAt, now)) return false;
    this.#inStepAt = now;
    return true;
  }

  /** Whether Redis answered when it was last asked; while it does not, nobody need wait for it. */
  get answers(): boolean {
    return this.#answers;
  }

  /** Whether Redis, though connected, left the last comparison without an answer. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** Milliseconds until that moment of Redis's clock, at least. */
  leftMs(expiresUs: number, now: Moment): number {
    if (!this.#provenAt) return 0;
    const sinceMs = now.monotonicMs - this.#provenAt.monotonicMs;
    return (expiresUs - this.#serverUs) / 1_000 - sinceMs;
  }

  /** A comparison that begins after this call, shared by all who ask for it meanwhile. */
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
    commands.off('ready', this.#reconnected);
    commands.off('error', this.#lost);
    subscriber.off('ready', this.#compareSoon);
    subscriber.unsubscribe(this.#channel).catch(() => {});
  }

  get #channel(): string {
    return `${this.settings.base}:invalidations`;
  }

  async #subscribe(): Promise<void> {
    try {
      await this.clients.subscriber.subscribe(this.#channel, this.#hear);
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
    else if (missed.length > 0) this.listener.invalidate(missed, 'replay');
    // Messages may have told of more than the comparison did, and without a gap.
    this.#position = missed ? Math.max(this.#position, found.last) : found.last;
    this.#genesis = found.genesis;
    this.#serverUs = found.serverUs;
    if (!this.#provenAt) this.settings.observer.inStep(true);
    this.#provenAt = begun;
    this.#answers = true;
    this.#isSilent = false;
  }

  async #ask() {
    try {
      return await this.scripts.sync(this.#genesis, this.#position);
    } catch (error) {
      this.#answers = false;
      this.#isSilent = true;
      throw error;
    }
  }

  #hear = (message: string): void => {
    const [genesis, previous, number, standing, ...resources] = message.split(' ');
    this.listener.invalidate(resources, 'message');
    if (standing === 'held') this.listener.heldOff(resources);
    if (genesis === this.#genesis && Number(previous) <= this.#position) {
      this.#position = Math.max(this.#position, Number(number));
      return;
    }
    // Something was missed before it.
    this.#compareSoon();
  };

  #beat(): void {
    const everyMs = Math.max(10, this.settings.maxStalenessMs / 4);
    this.#timer = setTimeout(() => {
      this.#compareSoon();
      this.#beat();
    }, everyMs);
    this.#timer.unref();
  }

  #compareSoon = (): void => {
    // When it fails the proof grows old, and the next heartbeat tries again.
    if (!this.#closed) this.compare().catch(() => {});
  };

  #reconnected = (): void => {
    this.#isSilent = false;
    this.#forget();
    this.#compareSoon();
  };

  #lost = (): void => this.#forget();

  /** Another server may answer from now on, or the same without its memory: not before it is asked. */
  #forget(): void {
    this.#connection += 1;
    if (this.#provenAt) this.settings.observer.inStep(false);
    this.#provenAt = undefined;
    this.#inStepAt = undefined;
    this.#answers = false;
  }
}
