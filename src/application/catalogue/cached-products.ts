import type { ProductQueries } from '../../domain/catalogue/ports.js';
import { type ProductState, productNotFound } from '../../domain/catalogue/product.js';
import { DomainError } from '../../domain/errors.js';
import type { Cached, CachePort, WrittenThrough } from '../../domain/ports/cache-port.js';
import { productKey } from '../../domain/resource-keys.js';
import { type CachedReader, cached } from '../caching/cached.js';

/** Leaves a changed product in the cache when its write is answered (write-through). */
export function writeProductThrough(product: ProductState): WrittenThrough[] {
  return [{ key: productKey(product.id), text: JSON.stringify(product) }];
}

/** Reads single products through the cache (read-through), as JSON. */
export class CachedProducts {
  readonly #read: CachedReader<[id: string]>;

  constructor(
    private readonly cache: CachePort,
    queries: ProductQueries,
  ) {
    this.#read = cached(cache, { key: productKey }, async (id) => {
      const product = await queries.get(id).catch(undefinedIfMissing);
      return product && { text: JSON.stringify(product) };
    });
  }

  /**
   * With `atLeast`, the answer is not older than the write with this invalidation number. The text is
   * undefined when there is no such product.
   */
  find(id: string, atLeast?: number): Cached | Promise<Cached> {
    return this.#read(atLeast, id);
  }

  /**
   * What `find` would answer from the memory of this process: the same object as long as it is valid.
   * Undefined: it has no answer. It takes the `productKey`, because a caller that keeps the key spares
   * most of the time of the look-up: that is the hash of a new string.
   */
  findLocal(key: string): Cached | undefined {
    return this.cache.readLocal({ key });
  }

  /**
   * The same for a product that must exist.
   *
   * @throws DomainError `product_not_found`
   */
  async get(id: string, atLeast?: number): Promise<Cached & { readonly text: string }> {
    const { text, source } = await this.find(id, atLeast);
    if (text === undefined) throw productNotFound(id);
    return { text, source };
  }
}

/** The absence of a product is cached too. */
function undefinedIfMissing(error: unknown): undefined {
  if (!(error instanceof DomainError) || error.code !== 'product_not_found') throw error;
}
