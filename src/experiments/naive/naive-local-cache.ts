import type { MakeCache } from '../support/caching/make-cache.js';
import { NaiveBus } from './naive-bus.js';
import { NaiveCache } from './naive-cache.js';

interface Entry {
  readonly text: string;
  readonly untilMs: number;
}

/** A cache in the memory of one instance. */
class NaiveLocalCache extends NaiveCache {
  protected override readonly level = 'l1';
  readonly #entries = new Map<string, Entry>();
  /** Sends an eviction to the other instances; does nothing where there is no bus. */
  publish: (resources: readonly string[]) => Promise<void> = async () => {};

  constructor(private readonly ttlMs: number) {
    super();
  }

  drop(resources: readonly string[]): void {
    for (const resource of resources) this.#entries.delete(resource);
  }

  protected override async get(key: string): Promise<string | undefined> {
    const entry = this.#entries.get(key);
    return entry && performance.now() < entry.untilMs ? entry.text : undefined;
  }

  protected override async set(key: string, text: string): Promise<void> {
    this.#entries.set(key, { text, untilMs: performance.now() + this.ttlMs });
  }

  protected override async evict(resources: readonly string[]): Promise<void> {
    this.drop(resources);
    await this.publish(resources);
  }
}

/** Each instance evicts what it changes itself, and does not learn of the others' writes. */
export function naiveLocalCache(ttlMs: number): MakeCache {
  return async () => new NaiveLocalCache(ttlMs);
}

/** The same with Redis pub/sub between the instances. */
export function naiveLocalCacheWithBus(ttlMs: number): MakeCache {
  return async (backend) => {
    const cache = new NaiveLocalCache(ttlMs);
    const bus = await NaiveBus.open(backend, (resources) => cache.drop(resources));
    cache.publish = (resources) => bus.publish(resources);
    return cache;
  };
}
