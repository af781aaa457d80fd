import type { ProductQueries } from '../../domain/catalogue/ports.js';
import { productNotFound } from '../../domain/catalogue/product.js';

/** Ids of products that are remembered: some ten megabytes. */
const MOST_REMEMBERED = 50_000;

/**
 * Tells which products exist, before anything is locked for them: an id that a client made up must
 * become no lock key.
 *
 * Products are never removed, so one that was found is remembered, and only others cost a read.
 */
export class KnownProducts {
  private readonly known = new Set<string>();

  constructor(private readonly products: ProductQueries) {}

  /**
   * Lock keys of products, or of what belongs to each of them.
   *
   * @throws DomainError `product_not_found` naming the first that is missing
   */
  async keysOf(ids: readonly string[], keyOf: (id: string) => string): Promise<readonly string[]> {
    const [missing] = await this.missing(ids);
    if (missing !== undefined) throw productNotFound(missing);
    return ids.map(keyOf);
  }

  /** Those of `ids` that no product has, in their order. */
  async missing(ids: readonly string[]): Promise<readonly string[]> {
    const unsure = ids.filter((id) => !this.known.has(id));
    if (unsure.length === 0) return [];
    const missing = await this.products.findMissing(unsure);
    const absent = new Set(missing);
    for (const id of unsure) if (!absent.has(id)) this.remember(id);
    return missing;
  }

  private remember(id: string): void {
    this.known.add(id);
    if (this.known.size <= MOST_REMEMBERED) return;
    const [oldest] = this.known;
    if (oldest !== undefined) this.known.delete(oldest);
  }
}
