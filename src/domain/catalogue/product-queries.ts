import type { Page, PageRequest } from '../ports/page.js';
import type { ProductState } from './product.js';

/** Reads of products, without lock or transaction. */
export abstract class ProductQueries {
  /** @throws DomainError `product_not_found` */
  abstract get(id: string): Promise<ProductState>;

  /** Those of `ids` that no product has, in their order. */
  abstract findMissing(ids: readonly string[]): Promise<readonly string[]>;

  /** Oldest first, in the order of commits: one that comes late is behind all that were there. */
  abstract list(page: PageRequest, category?: string): Promise<Page<ProductState>>;
}
