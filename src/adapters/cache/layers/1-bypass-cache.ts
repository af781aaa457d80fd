import { Cache, type Cached, type CacheEntry, type Load, type WriteIntent } from '../cache.js';
import { type CacheObserver, silentCacheObserver } from '../cache-observer.js';

/**
 * No cache: each read loads from the database.
 *
 * Writes still begin a write intent in the given cache, since other instances may use it.
 */
export class BypassCache extends Cache {
  constructor(
    private readonly cache: Cache,
    private readonly observer: CacheObserver = silentCacheObserver,
  ) {
    super();
  }

  override async read(entry: CacheEntry, load: Load): Promise<Cached> {
    this.observer.loaded();
    const loaded = await load(entry);
    this.observer.read('bypass');
    return { text: loaded?.text, source: 'bypass' };
  }

  override beginWrite(resources: readonly string[]): Promise<WriteIntent> {
    return this.cache.beginWrite(resources);
  }

  override mayExist(number: number): Promise<boolean> {
    return this.cache.mayExist(number);
  }

  override latest(): Promise<number> {
    return this.cache.latest();
  }
}
