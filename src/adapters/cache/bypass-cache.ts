import {
  type Cached,
  type CacheEntry,
  CachePort,
  type Load,
  type WriteIntent,
} from '../../domain/ports/cache-port.js';
import { type CacheObserver, silentCacheObserver } from './cache-observer.js';

/**
 * No cache: each read loads the truth for itself.
 *
 * Writes hold off the cache that is passed, since other instances may keep in it what they change.
 */
export class BypassCache extends CachePort {
  constructor(
    private readonly cache: CachePort,
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

  override holdOff(resources: readonly string[]): Promise<WriteIntent> {
    return this.cache.holdOff(resources);
  }

  override mayExist(number: number): Promise<boolean> {
    return this.cache.mayExist(number);
  }

  override latest(): Promise<number> {
    return this.cache.latest();
  }
}
