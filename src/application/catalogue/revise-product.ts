import type { ProductChange, ProductState } from '../../domain/catalogue/product.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { RequestScope, UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { CATALOGUE, productKey } from '../../domain/resource-keys.js';
import { invalidates } from '../caching/invalidates.js';
import { writeProductThrough } from './cached-products.js';

export interface Revision {
  readonly productId: string;
  readonly change: ProductChange;
  /** Must hold for the stored product; otherwise the change is refused. */
  readonly condition?: (product: ProductState) => boolean;
}

/** Changes the name, the price or the category of a product. */
export class ReviseProduct {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  execute(revision: Revision, scope: RequestScope = {}): Promise<ProductState> {
    const { productId, change, condition } = revision;
    const key = productKey(productId);
    // Pages that show the product are invalidated with it. Its category decides which pages show it.
    const changed = change.category === undefined ? [key] : [key, CATALOGUE];
    const options = { ...scope, locks: [key], ...invalidates(changed, writeProductThrough) };
    return this.unitOfWork.run(options, async (tx) => {
      const product = await tx.products.get(productId);
      if (condition) product.require(condition);
      return (await tx.products.save(product.revise(change, this.clock.now()))).state;
    });
  }
}
