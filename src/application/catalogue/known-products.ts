import type { ProductQueries } from '../../domain/catalogue/ports.js';
import { productNotFound } from '../../domain/catalogue/product.js';

/** Product ids that are remembered: about ten megabytes. */
const MOST_REMEMBERED = 50_000;

/**
 * Checks that products exist before they are locked. An invented id must not become a lock key.
 *
 * Products are never removed. So a found id is remembered, and only unknown ids cost a query.
 */
export class KnownProducts {
  readonly #known = new Set<string>();

  constructor(private readonly products: ProductQueries) {}

  /**
   * Lock keys of products, or of something that belongs to each product.
   *
   * @throws DomainError `product_not_found` for the first missing id
   */
  async keysOf(ids: readonly string[], keyOf: (id: string) => string): Promise<readonly string[]> {
    const [missing] = await this.missing(ids);
    if (missing !== undefined) throw productNotFound(missing);
    return ids.map(keyOf);
  }

  /** The ids without a product, in the given order. */
  async missing(ids: readonly string[]): Promise<readonly string[]> {
    const unsure = ids.filter((id) => !this.#known.has(id));
    if (unsure.length === 0) return [];
    const missing = await this.products.findMissing(unsure);
    const absent = new Set(missing);
    for (const id of unsure) if (!absent.has(id)) this.#remember(id);
    return missing;
  }

  #remember(id: string): void {
    this.#known.add(id);
    if (this.#known.size <= MOST_REMEMBERED) return;
    const [oldest] = this.#known;
    if (oldest !== undefined) this.#known.delete(oldest);
  }
}
