import type { LikeChange } from '../../domain/catalogue/like.js';
import type { CachedProducts } from './cached-products.js';
import type { LikeBatches } from './like-batches.js';

/** Stores that a user likes a product, or no longer does. A job updates the count later. */
export class SetLike {
  constructor(
    private readonly products: CachedProducts,
    private readonly batches: LikeBatches,
  ) {}

  /** @throws DomainError `product_not_found` */
  async execute(change: LikeChange): Promise<void> {
    // Products are never removed, so a product in the cache still exists.
    await this.products.get(change.productId);
    await this.batches.add(change);
  }
}
