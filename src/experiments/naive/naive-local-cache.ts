import type { MakeCache } from '../apparatus/caching/make-cache.js';
import { NaiveBus } from './naive-bus.js';
import { NaiveCache } from './naive-cache.js';

interface Kept {
  readonly text: string;
  readonly untilMs: number;
}

/** Answers in the memory of one instance. */
class NaiveLocalCache extends NaiveCache {
  protected override readonly level = 'l1';
  readonly #entries = new Map<string, Kept>();
  /** Tells the other instances; nobody does where there is no bus. */
  tell: (resources: readonly string[]) => Promise<void> = async () => {};

  constructor(private readonly ttlMs: number) {
    super();
  }

  drop(resources: readonly string[]): void {
    for (const resource of resources) this.#entries.delete(resource);
  }

  protected override async get(key: string): Promise<string | undefined> {
    const kept = this.#entries.get(key);
    return kept && performance.now() < kept.untilMs ? kept.text : undefined;
  }

  protected override async set(key: string, text: string): Promise<void> {
    this.#entries.set(key, { text, untilMs: performance.now() + this.ttlMs });
  }

  protected override async evict(resources: readonly string[]): Promise<void> {
    this.drop(resources);
    await this.tell(resources);
  }
}

/** Each instance evicts what it changes itself, and hears of nobody else's writes. */
export function naiveLocalCache(ttlMs: number): MakeCache {
  return async () => new NaiveLocalCache(ttlMs);
}

/** The same with Redis pub/sub between the instances. */
export function naiveLocalCacheWithBus(ttlMs: number): MakeCache {
  return async (place) => {
    const cache = new NaiveLocalCache(ttlMs);
    const bus = await NaiveBus.open(place, (resources) => cache.drop(resources));
    cache.tell = (resources) => bus.tell(resources);
    return cache;
  };
}
