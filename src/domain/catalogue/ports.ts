import type { Page, PageRequest } from '../ports/page.js';
import type { Like, LikeChange } from './like.js';
import type { Product, ProductState } from './product.js';

/**
 * Likes, inside a transaction. A like is durable once it is noted and committed; the count on its
 * product follows later, and no like is ever in it twice or left out for good.
 */
export abstract class LikeRepository {
  /** Keeps what each user said last; no like is named twice. Saying it again changes nothing. */
  abstract note(changes: readonly LikeChange[]): Promise<void>;

  /**
   * Brings the counts of the products up to date as to these likes, whatever was counted before.
   * The versions of the products stay as they are.
   *
   * @returns how many of these likes were not in the count as they are now
   */
  abstract count(likes: readonly Like[]): Promise<number>;
}

/** Reads of likes, without lock or transaction. */
export abstract class LikeQueries {
  /** At most `limit` likes that are not yet in their product's count, by product and user. */
  abstract uncounted(limit: number): Promise<Like[]>;
}

/** Products, inside a transaction. */
export abstract class ProductRepository {
  /** @throws DomainError `product_not_found` */
  abstract get(id: string): Promise<Product>;

  /**
   * In the order of `ids`.
   * @throws DomainError `product_not_found` naming the first that is missing
   */
  abstract getMany(ids: readonly string[]): Promise<Product[]>;

  /**
   * @returns the product with its new version
   * @throws DomainError `sku_taken`
   * @throws ConcurrentUpdateError it was changed since it was read
   */
  abstract save(product: Product): Promise<Product>;
}

/** Reads of products, without lock or transaction. */
export abstract class ProductQueries {
  /** @throws DomainError `product_not_found` */
  abstract get(id: string): Promise<ProductState>;

  /** Those of `ids` that no product has, in their order. */
  abstract findMissing(ids: readonly string[]): Promise<readonly string[]>;

  /** Oldest first, in the order of commits: one that comes late is behind all that were there. */
  abstract list(page: PageRequest, category?: string): Promise<Page<ProductState>>;
}
