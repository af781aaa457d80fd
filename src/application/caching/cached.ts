import type { Cached, CacheEntry, CachePort, Loaded } from '../../domain/ports/cache-port.js';

/** How the answers of one read are kept. */
export interface CachePolicy<Args extends readonly unknown[]>
  extends Omit<CacheEntry, 'key' | 'atLeast'> {
  readonly key: (...args: Args) => string;
}

/** A read through the cache; `atLeast` is the invalidation number its reader asks for. */
export type CachedReader<Args extends readonly unknown[]> = (
  atLeast: number | undefined,
  ...args: Args
) => Cached | Promise<Cached>;

/**
 * Declares a read whose answers are cached (read-through): the query stays as it is, and its
 * callers get text that was serialised once.
 */
export function cached<Args extends readonly unknown[]>(
  cache: CachePort,
  { key, ...policy }: CachePolicy<Args>,
  load: (...args: Args) => Promise<Loaded | undefined>,
): CachedReader<Args> {
  return (atLeast, ...args) =>
    cache.read({ ...policy, key: key(...args), atLeast }, () => load(...args));
}
