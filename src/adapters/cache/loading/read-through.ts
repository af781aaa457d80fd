import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Instant } from '../../timeouts/instant.js';
import type { Cached, CacheEntry, Load } from '../cache.js';
import { lifeMs } from '../cache-settings.js';
import type { InvalidationBus } from '../coherence/invalidation-bus.js';
import { RecentKeys } from '../coherence/recent-keys.js';
import type { CacheScripts, FillLease } from '../protocol/cache-scripts.js';
import { parseEntry } from '../protocol/stored-entry.js';
import type { RedisCacheSettings } from '../redis-cache-settings.js';
import { BypassLoads } from './bypass-loads.js';
import { FillRenewal } from './fill-renewal.js';
import type { SharedLoad, SharedLoads } from './shared-loads.js';

/** A text that L1 may keep until one of its resources is invalidated. */
export interface Kept {
  readonly key: string;
  readonly text: string | undefined;
  readonly resources: readonly string[];
  readonly from: Instant;
  readonly leftMs: number;
}

const FIRST_WAIT_MS = 5;
const MAX_WAIT_MS = 50;

/**
 * The steps of a read: the entry in Redis; else a load by the one instance that holds the fill
 * lease; else a load past the cache.
 */
export class ReadThrough {
  readonly #bypassing = new BypassLoads<Cached>();
  /**
   * Keys for which a reader waited too long, for as long as the other instance may renew its fill lease. Its
   * database may hang, so one wait is enough for all readers of the key.
   */
  readonly #overdue: RecentKeys;

  constructor(
    private readonly scripts: CacheScripts,
    private readonly bus: InvalidationBus,
    private readonly loads: SharedLoads,
    private readonly underWrite: RecentKeys,
    private readonly settings: RedisCacheSettings,
    private readonly keep: (kept: Kept) => void,
  ) {
    this.#overdue = new RecentKeys(settings.fillMs);
  }

  /** Resolves or rejects the shared load in the end. */
  fetch(entry: CacheEntry, load: Load, shared: SharedLoad): void {
    const epoch = this.bus.epoch;
    const onValue = (value: string | null) => {
      try {
        const found = value === null ? undefined : this.#hit(value, entry, shared, epoch);
        if (found) this.loads.end(shared, found);
        else this.loads.follow(shared, this.#missOrBypass(entry, load, shared, epoch));
      } catch (error) {
        this.loads.fail(shared, error);
      }
    };
    const onFailure = () => this.loads.follow(shared, this.bypass(entry, load, shared));
    // @plant hit-by-script
    if (entry.composed) this.scripts.getComposed(entry.key).then(onValue, onFailure);
    else this.scripts.get(entry.key, onValue, onFailure);
  }

  async #missOrBypass(
    entry: CacheEntry,
    load: Load,
    shared: SharedLoad,
    epoch: string,
  ): Promise<Cached> {
    try {
      return await this.#miss(entry, load, shared, epoch);
    } catch (error) {
      if (!(error instanceof NoReply)) throw error;
      return this.bypass(entry, load, shared);
    }
  }

  async #miss(entry: CacheEntry, load: Load, shared: SharedLoad, epoch: string): Promise<Cached> {
    const id = randomUUID();
    const { clock, fillWaitMs } = this.settings;
    const since = performance.now();
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 1.5, MAX_WAIT_MS)) {
      const { key, composed = false } = entry;
      const lease = await reply(this.scripts.leaseFill(epoch, key, composed, id));
      switch (lease.verdict) {
        case 'hit': {
          this.#overdue.delete(key);
          const found = this.#hit(lease.entry, entry, shared, epoch);
          return found ?? this.bypass(entry, load, shared);
        }
        case 'load':
          this.#overdue.delete(key);
          return this.#fill(entry, load, shared, epoch, { id, number: lease.number });
        case 'bypass':
          // When the write has ended meanwhile, the next reader may find the new value in Redis.
          if (!shared.isStale([key])) this.underWrite.add(key, clock.now());
          return this.bypass(entry, load, shared);
        case 'wait':
          // Another instance loads. When it crashed, its lease ends soon.
          // @plant wait-again
          if (this.#overdue.has(key, clock.now())) return this.bypass(entry, load, shared);
          if (performance.now() - since > fillWaitMs) {
            this.#overdue.add(key, clock.now());
            return this.bypass(entry, load, shared);
          }
          await pause(waitMs);
          break;
        default:
          return this.bypass(entry, load, shared);
      }
    }
  }

  async #fill(
    entry: CacheEntry,
    load: Load,
    shared: SharedLoad,
    epoch: string,
    lease: { readonly id: string; readonly number: string },
  ): Promise<Cached> {
    const { observer } = this.settings;
    observer.loaded();
    let loaded: Awaited<ReturnType<Load>>;
    try {
      using _renewal = new FillRenewal(this.scripts, this.settings, entry.key, lease.id);
      loaded = await load(entry);
    } catch (error) {
      await this.scripts.giveUpFill(epoch, entry.key, lease.id).catch(() => {});
      throw error;
    }
    if (loaded?.isKept === false) {
      await this.scripts.giveUpFill(epoch, entry.key, lease.id).catch(() => {});
      return this.#reported({ text: loaded.text, source: 'miss' });
    }
    const text = loaded?.text;
    const named = loaded?.resources ?? [];
    const life = lifeMs(this.settings, entry, text);
    const expiresUs = await this.scripts
      .fill(epoch, entry.key, lease, text, life, named)
      .then((us) => {
        if (us === undefined) observer.fillRefused();
        return us;
      })
      // The text is right; it cannot be kept.
      .catch(() => undefined);
    if (expiresUs === undefined) return this.#reported({ text, source: 'miss' });
    const now = this.settings.clock.now();
    this.#keepInL1(entry.key, text, named, now, this.bus.leftMs(expiresUs, now), shared);
    return this.#reported({ text, source: 'stored' });
  }

  #hit(value: string, { key }: CacheEntry, shared: SharedLoad, epoch: string): Cached | undefined {
    const { epoch: written, text, resources, expiresUs } = parseEntry(value);
    if (written !== epoch) return undefined;
    const now = this.settings.clock.now();
    const leftMs = this.bus.leftMs(expiresUs, now);
    if (leftMs <= 0) return undefined;
    this.#keepInL1(key, text, resources, now, leftMs, shared);
    return this.#reported({ text, source: 'l2' });
  }

  #keepInL1(
    key: string,
    text: string | undefined,
    named: readonly string[],
    from: Instant,
    leftMs: number,
    shared: SharedLoad,
  ): void {
    const resources = named.length > 0 ? named : [key];
    if (shared.isStale(resources)) return;
    // @plant second-life
    this.keep({ key, text, resources, from, leftMs });
  }

  /** Loads past the cache: the text is right now, but a later invalidation may not be noticed. */
  bypass(entry: CacheEntry, load: Load, shared?: SharedLoad): Promise<Cached> {
    // Later readers must not share a load that began before their call.
    if (shared) this.loads.close(shared);
    return this.#bypassing.run(entry.key, async () => {
      this.settings.observer.loaded();
      const loaded = await load(entry);
      return this.#reported({ text: loaded?.text, source: 'bypass' });
    });
  }

  #reported(answer: Cached): Cached {
    this.settings.observer.read(answer.source);
    return answer;
  }
}

/** Redis gave no reply to a reader, which then loads past the cache. */
class NoReply extends Error {}

async function reply(asked: Promise<FillLease>): Promise<FillLease> {
  try {
    return await asked;
  } catch (cause) {
    throw new NoReply('redis', { cause });
  }
}
