import type { Page, PageRequest } from '../ports/page.js';
import type { Like, LikeChange } from './like.js';
import type { Product, ProductState } from './product.js';

/**
 * Likes, inside a transaction. A like is durable after the commit. The count of its product follows
 * later; no like is counted twice, and none stays uncounted.
 */
export abstract class LikeRepository {
  /**
   * Stores the latest choice of each user. Each user and product appear at most once. A repeat of a
   * stored choice changes nothing.
   */
  abstract note(changes: readonly LikeChange[]): Promise<void>;

  /**
   * Adds these likes to the counts of the products, or removes them; likes that are counted already
   * change nothing. The versions of the products stay the same.
   *
   * @returns how many of these likes were not in the count as they are now
   */
  abstract count(likes: readonly Like[]): Promise<number>;
}

/** Reads of likes, without lock or transaction. */
export abstract class LikeQueries {
  /**
   * At most `limit` likes that the count of their product does not contain yet, by product and
   * user.
   */
  abstract uncounted(limit: number): Promise<Like[]>;
}

/** Products, inside a transaction. */
export abstract class ProductRepository {
  /** @throws DomainError `product_not_found` */
  abstract get(id: string): Promise<Product>;

  /**
   * In the order of `ids`.
   * @throws DomainError `product_not_found` with the first id that is missing
   */
  abstract getMany(ids: readonly string[]): Promise<Product[]>;

  /**
   * @returns the product with its new version
   * @throws DomainError `sku_taken`
   * @throws ConcurrentUpdateError the product was changed since it was read
   */
  abstract save(product: Product): Promise<Product>;
}

/** Reads of products, without lock or transaction. */
export abstract class ProductQueries {
  /** @throws DomainError `product_not_found` */
  abstract get(id: string): Promise<ProductState>;

  /** The ids without a product, in the given order. */
  abstract findMissing(ids: readonly string[]): Promise<readonly string[]>;

  /** Oldest first, in the order of commits, so a new product is always the last one. */
  abstract list(page: PageRequest, category?: string): Promise<Page<ProductState>>;
}
