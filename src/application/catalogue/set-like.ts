import type { LikeChange } from '../../domain/catalogue/like.js';
import type { CachedProducts } from './cached-products.js';
import type { LikeBatches } from './like-batches.js';

/** Takes a user's word that they like a product, or no longer do. The count is written behind. */
export class SetLike {
  constructor(
    private readonly products: CachedProducts,
    private readonly batches: LikeBatches,
  ) {}

  /** @throws DomainError `product_not_found` */
  async execute(change: LikeChange): Promise<void> {
    // Products are never removed, so one that was there a moment ago is there.
    await this.products.get(change.productId);
    await this.batches.add(change);
  }
}
