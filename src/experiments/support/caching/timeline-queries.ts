import { ProductQueries } from '../../../domain/catalogue/ports.js';
import type { ProductState } from '../../../domain/catalogue/product.js';
import type { Page, PageRequest } from '../../../domain/ports/page.js';
import type { Note } from '../timeline.js';

/** Wraps the queries of one instance: records and counts each, and can pause it. */
export class TimelineQueries extends ProductQueries {
  count = 0;
  /** Runs after the row was read and before it is returned. */
  afterRead: () => Promise<void> = async () => {};

  constructor(
    private readonly inner: ProductQueries,
    private readonly note: Note,
  ) {
    super();
  }

  override async get(id: string): Promise<ProductState> {
    this.count += 1;
    const product = await this.inner.get(id);
    this.note('loaded', product.price);
    await this.afterRead();
    return product;
  }

  override findMissing(ids: readonly string[]): Promise<readonly string[]> {
    return this.inner.findMissing(ids);
  }

  override list(page: PageRequest, category?: string): Promise<Page<ProductState>> {
    return this.inner.list(page, category);
  }
}
