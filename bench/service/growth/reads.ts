import { POPULARITY_WINDOWS } from '../../../src/domain/popularity/popularity.js';
import { categoryOf, type Dataset, idOf } from '../../report/dataset/dataset.js';

/** A read of a shop, sent to an instance with or without a cache. */
export interface GrowthRead {
  readonly id: string;
  readonly fromDatabase?: true;
  /** The path of the n-th request. */
  path(number: number): string;
}

/** Products that are read again and again, spread over the whole shop. */
const HOT = 100;
/** A prime number as the step between two products, so that the reads are spread over all of them. */
const STRIDE = 7_919;

export const PRODUCT_FROM_DATABASE = 'product, from the database';
export const POPULAR = POPULARITY_WINDOWS.map((window) => ({
  window,
  id: `popular items of ${window}`,
}));

/** The name of a shop with this number of products in the samples. */
export function shopOf(products: number): string {
  return `${products.toLocaleString('en-US')} products`;
}

/**
 * The reads that are measured, with and without the cache. With the cache alone, a large shop would only show
 * that its products do not fit into it.
 *
 * @param cursor the cursor of the sixth page of products
 */
export function readsOf({ products }: Dataset, cursor: string): GrowthRead[] {
  const hot = (n: number) => idOf('product', (n % HOT) * Math.floor(products / HOT));
  const any = (n: number) => idOf('product', (n * STRIDE) % products);
  const fromDatabase = true;
  const list = '/v1/products?limit=20';
  const category = `${list}&category=${categoryOf(3)}`;
  const later = `${list}&cursor=${encodeURIComponent(cursor)}`;
  return [
    { id: 'product', path: (n) => `/v1/products/${hot(n)}` },
    { id: PRODUCT_FROM_DATABASE, fromDatabase, path: (n) => `/v1/products/${any(n)}` },
    { id: 'stock of a product', path: (n) => `/v1/products/${any(n)}/stock` },
    { id: 'page of products', path: () => list },
    { id: 'page of products, from the database', fromDatabase, path: () => list },
    { id: 'page of a category, from the database', fromDatabase, path: () => category },
    { id: 'page 6 of products, from the database', fromDatabase, path: () => later },
    ...POPULAR.map(({ window, id }) => ({
      id,
      path: () => `/v1/products/popular?window=${window}`,
    })),
  ];
}
