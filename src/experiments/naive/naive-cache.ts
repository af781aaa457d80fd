import {
  type Cached,
  type CacheEntry,
  CachePort,
  type CacheSource,
  type Load,
  type WriteIntent,
} from '../../domain/ports/cache-port.js';

/**
 * Cache-aside as it is usually written: read, load on a miss, store the value for its TTL, evict
 * after the commit.
 *
 * It does not check whether a write came between load and fill, and every reader that misses loads.
 */
export abstract class NaiveCache extends CachePort {
  protected abstract readonly level: CacheSource;

  protected abstract get(key: string): Promise<string | undefined>;
  protected abstract set(key: string, text: string): Promise<void>;
  protected abstract evict(resources: readonly string[]): Promise<void>;

  override async read(entry: CacheEntry, load: Load): Promise<Cached> {
    const { key } = entry;
    const found = await this.get(key);
    if (found !== undefined) return { text: found, source: this.level };
    const text = (await load(entry))?.text;
    if (text !== undefined) await this.set(key, text);
    return { text, source: 'stored' };
  }

  /** Does nothing before the commit. */
  override async beginWrite(resources: readonly string[]): Promise<WriteIntent> {
    return {
      number: 0,
      assertValid: () => {},
      end: async () => {
        await this.evict(resources);
        return 0;
      },
    };
  }

  override async latest(): Promise<number> {
    return 0;
  }
}
