import type { Like } from '../../domain/catalogue/like.js';
import type { LikeQueries } from '../../domain/catalogue/ports.js';
import type { UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { productKey } from '../../domain/resource-keys.js';
import { invalidates } from '../caching/invalidates.js';

/** Likes that are read at once. */
const BATCH = 1_000;

/** Products whose locks are held at once: an editor of any of them waits. */
const PRODUCTS = 100;

/** Batches of one run. More are left to the next run, so that a stop of the service stays short. */
const MOST_BATCHES = 100;

/**
 * Adds likes to the counts of their products (write-behind).
 *
 * Each like row says whether it is counted, and this commits together with the count. So a batch is
 * done or not done when a process dies. The next run, on any instance, continues there.
 */
export class CountLikes {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly likes: LikeQueries,
  ) {}

  /** Answers how many likes it counted. */
  async execute(): Promise<number> {
    let counted = 0;
    for (let batches = 0; batches < MOST_BATCHES; batches++) {
      const found = await this.likes.uncounted(BATCH);
      if (found.length === 0) break;
      counted += await this.#count(found);
    }
    return counted;
  }

  #count(found: readonly Like[]): Promise<number> {
    const byProduct = [...Map.groupBy(found, ({ productId }) => productId)].slice(0, PRODUCTS);
    const keys = byProduct.map(([productId]) => productKey(productId));
    const likes = byProduct.flatMap(([, ofProduct]) => ofProduct);
    return this.unitOfWork.run({ locks: keys, ...invalidates(keys) }, (tx) =>
      tx.likes.count(likes),
    );
  }
}
