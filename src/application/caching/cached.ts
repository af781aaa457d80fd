import type { Cached, CacheEntry, CachePort, Loaded } from '../../domain/ports/cache-port.js';

/** How the answers of one read are cached. */
export interface CachePolicy<Args extends readonly unknown[]>
  extends Omit<CacheEntry, 'key' | 'atLeast'> {
  readonly key: (...args: Args) => string;
}

/** A read through the cache. `atLeast`: the invalidation number that the answer must have seen. */
export type CachedReader<Args extends readonly unknown[]> = (
  atLeast: number | undefined,
  ...args: Args
) => Cached | Promise<Cached>;

/**
 * Declares a cached read (read-through). The query does not change. Its callers get text, which is
 * serialised once.
 */
export function cached<Args extends readonly unknown[]>(
  cache: CachePort,
  { key, ...policy }: CachePolicy<Args>,
  load: (...args: Args) => Promise<Loaded | undefined>,
): CachedReader<Args> {
  return (atLeast, ...args) =>
    cache.read({ ...policy, key: key(...args), atLeast }, () => load(...args));
}
