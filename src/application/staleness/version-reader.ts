import type { ProductQueries } from '../../domain/catalogue/ports.js';
import type { ProductState } from '../../domain/catalogue/product.js';
import { productKey } from '../../domain/resource-keys.js';
import type { CachedProducts } from '../catalogue/cached-products.js';

/** Two ways to read the version of a resource. Undefined: there is none, or it is not known. */
export interface VersionReader {
  /** The version that a client of this instance would get. */
  cached(resource: string): Promise<number | undefined>;
  /** The version in the database. */
  current(resource: string): Promise<number | undefined>;
}

/** Reads the versions of products; undefined for every other resource. */
export function productVersions(cached: CachedProducts, queries: ProductQueries): VersionReader {
  const prefix = productKey('');
  const ofProduct = async (resource: string, version: (id: string) => Promise<number>) =>
    resource.startsWith(prefix) ? version(resource.slice(prefix.length)) : undefined;
  return {
    cached: (resource) =>
      ofProduct(resource, async (id) => {
        const { text } = await cached.get(id);
        return (JSON.parse(text) as ProductState).version;
      }),
    current: (resource) => ofProduct(resource, async (id) => (await queries.get(id)).version),
  };
}
